//! Emoji (A50): a small grid with a search in Korean and English. The list is a file of its
//! own (`public/emoji.txt`), loaded when somebody first asks for it.

use crate::ui::{
    kit::{Icon, texts},
    upload,
};
use leptos::{ev, html, prelude::*, task::spawn_local, wasm_bindgen::JsCast as _, web_sys};

/// Where the list is.
const LIST: &str = "/site/emoji.txt";
/// Emoji in a row of the grid, as the style sheet draws it.
const COLUMNS: usize = 8;

/// An emoji and the words by which it is found.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Emoji {
    sign: String,
    /// The first of them is its name.
    words: String,
}

/// A line of the list: the sign, then its words in Korean and in English.
fn read(list: &str) -> Vec<Emoji> {
    list.lines()
        .filter_map(|line| line.split_once(' '))
        .map(|(sign, words)| Emoji { sign: sign.to_owned(), words: words.trim().to_lowercase() })
        .collect()
}

fn matching(all: &[Emoji], asked: &str) -> Vec<Emoji> {
    let asked = asked.to_lowercase();
    all.iter().filter(|emoji| asked.split_whitespace().all(|word| emoji.words.contains(word))).cloned().collect()
}

impl Emoji {
    /// What it is called: the first Korean or the first English word.
    fn name(&self, english: bool) -> String {
        let (korean, foreign) = self.words.split_once('|').unwrap_or((&self.words, &self.words));
        let words = if english { foreign } else { korean };
        words.split(',').next().unwrap_or_default().trim().to_owned()
    }
}

/// The button and its grid: arrows move, Enter takes, Escape closes.
#[component]
pub(super) fn EmojiButton(#[prop(into)] disabled: Signal<bool>, insert: Callback<String>) -> impl IntoView {
    let t = texts();
    let english = t.language == crate::domain::service::Language::En;
    let open = RwSignal::new(false);
    let all = RwSignal::new(None::<Vec<Emoji>>);
    let failed = RwSignal::new(false);
    let asked = RwSignal::new(String::new());
    let found = Memo::new(move |_| all.read().as_ref().map(|all| matching(all, &asked.read())).unwrap_or_default());
    let (place, button, search, grid) =
        (NodeRef::<html::Div>::new(), NodeRef::<html::Button>::new(), NodeRef::<html::Input>::new(), NodeRef::<html::Div>::new());
    let load = move || {
        if all.read_untracked().is_some() {
            return;
        }
        failed.set(false);
        spawn_local(async move {
            match upload::load(LIST).await {
                Some(list) => drop(all.try_set(Some(read(&list)))),
                None => drop(failed.try_set(true)),
            }
        });
    };
    Effect::new(move |_| {
        if open.get()
            && let Some(search) = search.get()
        {
            drop(search.focus());
        }
    });
    let close = move || {
        open.set(false);
        asked.set(String::new());
        drop(button.get_untracked().map(|button| button.focus()));
    };
    let take = move |sign: String| {
        open.set(false);
        asked.set(String::new());
        insert.run(sign);
    };
    let go = move |at: usize| {
        let item = grid.get_untracked().and_then(|grid| grid.children().item(u32::try_from(at).unwrap_or(0)));
        if let Some(item) = item.and_then(|item| item.dyn_into::<web_sys::HtmlElement>().ok()) {
            drop(item.focus());
        }
    };
    let in_search = move |event: ev::KeyboardEvent| match event.key().as_str() {
        "ArrowDown" => {
            event.prevent_default();
            go(0);
        }
        "Enter" if !event.is_composing() => {
            event.prevent_default();
            if let Some(first) = found.get_untracked().first() {
                take(first.sign.clone());
            }
        }
        _ => {}
    };
    let in_grid = move |event: ev::KeyboardEvent, at: usize| {
        let count = found.read_untracked().len();
        let to = match event.key().as_str() {
            "ArrowRight" => (at + 1).min(count.saturating_sub(1)),
            "ArrowLeft" => at.saturating_sub(1),
            "ArrowDown" if at + COLUMNS < count => at + COLUMNS,
            "ArrowUp" if at < COLUMNS => {
                event.prevent_default();
                drop(search.get_untracked().map(|search| search.focus()));
                return;
            }
            "ArrowUp" => at - COLUMNS,
            "Home" => 0,
            "End" => count.saturating_sub(1),
            _ => return,
        };
        event.prevent_default();
        go(to);
    };
    let on_key = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" && open.get_untracked() {
            event.prevent_default();
            event.stop_propagation();
            close();
        }
    };
    let on_leave = move |event: ev::FocusEvent| {
        let to = event.related_target().and_then(|to| to.dyn_into::<web_sys::Node>().ok());
        if !place.get_untracked().is_some_and(|place| place.contains(to.as_ref())) {
            open.set(false);
        }
    };
    let (label, search_label, none, trouble, retry) =
        (t.talk_emoji(), t.talk_emoji_search(), t.talk_emoji_none(), t.talk_emoji_failed(), t.common_retry());
    let said = {
        let none = none.clone();
        move || (all.read().is_some() && found.read().is_empty()).then(|| none.clone())
    };
    let grid_label = label.clone();
    let items = move || {
        (0..)
            .zip(found.get())
            .map(|(at, emoji)| {
                let name = emoji.name(english);
                let sign = emoji.sign.clone();
                view! {
                    <button
                        type="button"
                        role="option"
                        aria-selected="false"
                        tabindex=if at == 0 { "0" } else { "-1" }
                        aria-label=name.clone()
                        title=name
                        on:click=move |_| take(sign.clone())
                        on:keydown=move |event| in_grid(event, at)
                    >
                        {emoji.sign}
                    </button>
                }
            })
            .collect_view()
    };
    view! {
        <div class="emoji-place" node_ref=place on:keydown=on_key on:focusout=on_leave>
            <button
                type="button"
                class="icon-btn"
                node_ref=button
                aria-label=label.clone()
                title=label
                aria-haspopup="dialog"
                aria-expanded=move || if open.get() { "true" } else { "false" }
                disabled=disabled
                on:click=move |_| {
                    load();
                    open.update(|open| *open = !*open);
                }
            >
                <Icon name="smile"/>
            </button>
            <Show when=move || open.get()>
                <div class="emoji" role="dialog" aria-label=grid_label.clone()>
                    <input
                        type="search"
                        class="input"
                        node_ref=search
                        aria-label=search_label.clone()
                        placeholder=search_label.clone()
                        autocomplete="off"
                        on:input=move |event| asked.set(event_target_value(&event))
                        on:keydown=in_search
                    />
                    <div class="emoji-grid" role="listbox" aria-label=grid_label.clone() node_ref=grid hidden=move || found.read().is_empty()>
                        {items}
                    </div>
                    <p class="small muted" role="status">{said.clone()}</p>
                    <p class="small problem" hidden=move || !failed.get()>
                        {trouble.clone()} " "
                        <button type="button" class="btn small-btn" on:click=move |_| load()>{retry.clone()}</button>
                    </p>
                </div>
            </Show>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_emoji_of_the_list_is_there_once_and_found_in_both_languages() {
        let all = read(include_str!("../../../../../public/emoji.txt"));
        assert!(all.len() >= 180, "{}", all.len());
        for emoji in &all {
            assert!(!emoji.name(true).is_empty() && emoji.name(true).is_ascii(), "{emoji:?}");
            assert!(!emoji.name(false).is_empty() && !emoji.name(false).is_ascii(), "{emoji:?}");
            assert_eq!(all.iter().filter(|other| other.sign == emoji.sign).count(), 1, "{emoji:?}");
        }
        for asked in ["하트", "heart", "HEART 빨간"] {
            assert!(matching(&all, asked).iter().any(|emoji| emoji.sign == "❤️"), "{asked}");
        }
        assert!(matching(&all, "없는말").is_empty());
    }
}
