//! Whether the customer is still there (G33), beside his name.

use super::super::line::Line;
use crate::{
    domain::{
        ids::ChatId,
        time::{HOUR, MINUTE, Timestamp},
        watching::Watching,
    },
    i18n::Texts,
    ui::kit::{Icon, texts},
};
use leptos::prelude::*;

/// 보는 중, 다른 화면, 떠남 n분 or 연결 끊김; nothing where it is not known, as while the
/// agent's own line is down. To be read when one looks for it: it is no live region, as it
/// may change with every glance.
#[component]
pub(super) fn CustomerWatching(line: Line, chat: ChatId) -> impl IntoView {
    let t = texts();
    let store = line.store;
    let is = Memo::new(move |_| {
        if line.link().get().is_down() {
            return None;
        }
        store.row(chat).filter(|row| row.left.is_none() && !row.card.chat.is_ended())?.watching
    });
    // Whole minutes: what is drawn changes no more often.
    let word = {
        let t = t.clone();
        Memo::new(move |_| is.get().map(|is| in_words(&t, is, store.now().get())))
    };
    let label = t.console_watching_label();
    move || {
        let (is, label) = (is.get()?, label.clone());
        let (name, icon) = drawn(is);
        Some(view! {
            <span class="watching" data-is=name>
                <Icon name=icon size=12/>
                <span class="visually-hidden">{label}": "</span>
                {move || word.get()}
            </span>
        })
    }
}

/// Its name in the page, and its icon.
fn drawn(is: Watching) -> (&'static str, &'static str) {
    match is {
        Watching::Viewing => ("viewing", "eye"),
        Watching::Elsewhere => ("elsewhere", "eye-off"),
        Watching::Left { .. } => ("left", "log-out"),
        Watching::Lost => ("lost", "wifi-off"),
    }
}

fn in_words(t: &Texts, is: Watching, now: Option<Timestamp>) -> String {
    match is {
        Watching::Viewing => t.console_watching_viewing(),
        Watching::Elsewhere => t.console_watching_elsewhere(),
        Watching::Left { since } => match now.map_or(0, |now| now.since(since)) {
            ..MINUTE => t.console_watching_left_now(),
            ms @ MINUTE..HOUR => t.console_watching_left(ms / MINUTE),
            ms => t.console_watching_left_hours(ms / HOUR),
        },
        Watching::Lost => t.console_watching_lost(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::service::Language;

    #[test]
    fn who_has_left_is_told_with_how_long_ago() {
        let said = |language, minutes: i64| {
            let is = Watching::Left { since: Timestamp(5 * HOUR) };
            in_words(&Texts::of(language), is, Some(Timestamp(5 * HOUR + minutes * MINUTE)))
        };
        assert_eq!(
            [0, 1, 59, 60, 150].map(|minutes| said(Language::Ko, minutes)),
            ["방금 떠남", "떠남 1분", "떠남 59분", "떠남 1시간", "떠남 2시간"]
        );
        assert_eq!([0, 1, 150].map(|minutes| said(Language::En, minutes)), ["Just left", "Left 1 min ago", "Left 2 h ago"]);
        // Before the page knows the time.
        assert_eq!(in_words(&Texts::of(Language::Ko), Watching::Left { since: Timestamp(0) }, None), "방금 떠남");
    }
}
