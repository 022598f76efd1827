//! "Why me?" and "why nobody?" (E2): asked when somebody wants to know, as of then.

use super::{super::line::Line, name_or};
use crate::{
    api::routing::{Explained, explain_chat},
    domain::{
        ids::ChatId,
        routing::{By, Tally, Why, WhyNobody},
    },
    i18n::Texts,
    ui::{
        kit::{Button, ButtonKind, texts},
        problems::plain_error_text,
    },
};
use leptos::{prelude::*, task::spawn_local};

/// The question, and the answer below it.
#[component]
pub(super) fn WhyHere(line: Line, chat: ChatId) -> impl IntoView {
    let t = texts();
    let answer = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let ask = {
        let t = t.clone();
        Callback::new(move |()| {
            if answer.read_untracked().is_some() {
                return answer.set(None);
            }
            busy.set(true);
            let t = t.clone();
            spawn_local(async move {
                let said = match explain_chat(chat).await {
                    Ok(explained) => in_words(&t, line, explained),
                    Err(error) => plain_error_text(&t, &error),
                };
                let _ = busy.try_set(false);
                let _ = answer.try_set(Some(said));
            });
        })
    };
    view! {
        <div class="why">
            <Button kind=ButtonKind::Ghost busy on_press=ask>
                {t.console_why()}
            </Button>
            <p class="small" role="status">{move || answer.get()}</p>
        </div>
    }
    .into_any()
}

fn in_words(t: &Texts, line: Line, explained: Explained) -> String {
    match explained {
        Explained::Nothing => t.console_why_by_hand(),
        Explained::Offered { to, why: Why { by, load, capacity, of } } => {
            let name = name_or(t, line, to);
            let reason = match by {
                By::Recent => t.console_why_recent(),
                By::Only => t.console_why_only(),
                By::LeastLoaded => t.console_why_least_loaded(),
                By::LongestIdle => t.console_why_longest_idle(),
                By::Returned => t.console_why_returned(),
            };
            t.console_why_offered(capacity, load, name, of, reason)
        }
        Explained::Waits { place, why } => {
            let reason = match why {
                WhyNobody::FirstCome => t.console_why_first_come(),
                WhyNobody::QueueShut => t.console_why_queue_shut(),
                WhyNobody::Nobody(tally) => nobody(t, tally),
            };
            t.console_why_waits(place, reason)
        }
    }
}

/// Counts only what there is.
fn nobody(t: &Texts, tally: Tally) -> String {
    if tally.members == 0 {
        return t.console_why_no_members();
    }
    let Tally { full, offered, gone, excluded, away, .. } = tally;
    let parts = [
        (full, t.console_why_full(full)),
        (offered, t.console_why_other_offer(offered)),
        (gone, t.console_why_gone(gone)),
        (excluded, t.console_why_excluded(excluded)),
        (away, t.console_why_away(away)),
    ];
    let told: Vec<String> = parts.into_iter().filter(|(n, _)| *n > 0).map(|(_, words)| words).collect();
    t.console_why_nobody(told.join(", "))
}
