//! The list of messages: where the reader stands in it, and what counts as seen.

use super::{
    super::{
        items::{Item, items},
        line::Line,
        model::is_customers,
        writing::UNSEEN,
    },
    message::{ItemLine, Told, Unsent},
};
use crate::{
    domain::{
        chat::{Author, Event},
        ids::ChatId,
    },
    ui::{
        kit::{Button, EmptyState, Icon, texts},
        live::{
            handle::keep,
            host,
            outbox::{Entry, Outbox},
            stream::pending,
        },
        problems::plain_error_text,
    },
};
use leptos::{html, prelude::*, wasm_bindgen::JsCast, web_sys};
use std::collections::HashSet;

/// Close enough to the end to count as reading it, in pixels.
const NEAR_END: i32 = 48;
/// Close enough to the beginning to want what is before it.
const NEAR_START: i32 = 160;
/// Above the divider, when it is scrolled to.
const GAP: i32 = 8;

/// The conversation. It follows its end while the end is in view, and nothing else moves it.
#[component]
pub(super) fn Log(line: Line, chat: ChatId) -> impl IntoView {
    let t = texts();
    let store = line.store;
    let node = NodeRef::<html::Div>::new();
    let divider = RwSignal::new(None::<u64>);
    let lines = Memo::new(move |_| store.with_log(chat, |log| items(log, divider.get(), host::local_day)).unwrap_or_default());
    let loaded = Memo::new(move |_| store.with_log(chat, |_| ()).is_some());
    let earlier = Memo::new(move |_| store.with_log(chat, |log| log.earlier).unwrap_or_default());
    let unsent = Memo::new(move |_| {
        let logged: HashSet<_> = store.with_log(chat, |log| log.events.iter().filter_map(|e| e.client_id).collect()).unwrap_or_default();
        // What the question above the composer is about is shown there.
        let here = |e: &&Entry| e.chat == Some(chat) && e.failed.as_deref() != Some(UNSEEN);
        let of = |outbox: Outbox| {
            pending(&outbox.entries().with(|all| all.iter().filter(here).cloned().collect::<Vec<_>>()), |id| logged.contains(&id))
        };
        let notes = of(line.notes).into_iter().map(|entry| (entry, true));
        of(line.outbox).into_iter().map(|entry| (entry, false)).chain(notes).collect::<Vec<_>>()
    });
    let told = Told {
        customer: Memo::new(move |_| store.row(chat).map(|r| r.card.customer).unwrap_or_default()),
        newest: Memo::new(move |_| {
            store.with_log(chat, |log| log.events.iter().rev().find(|e| is_ours(&e.event)).map_or(0, |e| e.seq)).unwrap_or_default()
        }),
    };

    // Where the reader is.
    let (at_end, settled, visible) = (RwSignal::new(true), RwSignal::new(false), RwSignal::new(false));
    let below = RwSignal::new(0_u32);
    let from_end = StoredValue::new(0_i32);
    Effect::new(move |_| {
        let Some(log) = node.get() else { return };
        let shown = log.clone();
        keep(|| {
            host::follow_end(&log, NEAR_END, move |end| {
                from_end.try_set_value(shown.scroll_height() - shown.scroll_top());
                if at_end.try_get_untracked().is_some_and(|was| was != end) {
                    at_end.set(end);
                }
                if end && below.try_get_untracked().is_some_and(|n| n > 0) {
                    below.set(0);
                }
            })
        });
    });
    let to_end = move || {
        if let Some(log) = node.try_get_untracked().flatten() {
            host::to_end(&log);
        }
    };
    // Somebody wants to see what is new before he answers.
    Effect::new(move |before: Option<u32>| {
        let wish = line.newest.get();
        if before.is_some_and(|before| before != wish) {
            to_end();
        }
        wish
    });
    // First sight: the divider is set once, and the newest is shown, or the first unread
    // if more than a screen is new.
    Effect::new(move |done: Option<bool>| {
        if done == Some(true) || !loaded.get() {
            return done == Some(true);
        }
        let unread = store.row_untracked(chat).map_or(0, |r| r.card.unread);
        divider.set(store.with_log_untracked(chat, |log| log.first_unread(unread)).flatten());
        host::next_frame(move || {
            to_end();
            if let Some(log) = node.try_get_untracked().flatten() {
                let mark = log.query_selector(".new-divider").ok().flatten().and_then(|m| m.dyn_into::<web_sys::HtmlElement>().ok());
                if let Some(top) = mark.map(|m| m.offset_top() - log.offset_top() - GAP)
                    && top < log.scroll_top()
                {
                    log.set_scroll_top(top);
                }
                let _ = settled.try_set(true);
            }
        });
        true
    });
    // What comes later: what is put before leaves the lines where they are, what is written
    // here is gone to, and what the customer writes out of view is counted.
    Effect::new(move |before: Option<(u64, u64, usize)>| {
        let (first, last) = store.with_log(chat, |log| (log.events.first().map_or(0, |e| e.seq), log.last_seq())).unwrap_or_default();
        let written = unsent.read().len();
        if let Some((old_first, old_last, old_written)) = before.filter(|b| b.1 > 0) {
            if first < old_first {
                let keep = from_end.get_value();
                host::next_frame(move || {
                    if let Some(log) = node.try_get_untracked().flatten() {
                        log.set_scroll_top(log.scroll_height() - keep);
                    }
                });
            } else if written > old_written {
                to_end();
            } else if !at_end.get_untracked() {
                let new = store
                    .with_log_untracked(chat, |log| log.events.iter().filter(|e| e.seq > old_last && is_customers(&e.event)).count())
                    .unwrap_or_default();
                if new > 0 {
                    below.update(|n| *n += u32::try_from(new).unwrap_or(u32::MAX));
                }
            }
        }
        (first, last, written)
    });
    // Seen is what stands at the end of a visible page.
    Effect::new(move |_| visible.set(host::visible()));
    keep(|| {
        host::on_document("visibilitychange", move |_| {
            let _ = visible.try_set(host::visible());
        })
    });
    Effect::new(move |_| {
        if loaded.get() && settled.get() && visible.get() && at_end.get() {
            line.in_view.set(Some(chat));
            line.mark(chat);
        } else if line.in_view.get_untracked() == Some(chat) {
            line.in_view.set(None);
        }
    });
    on_cleanup(move || {
        if line.in_view.try_get_untracked().flatten() == Some(chat) {
            line.in_view.set(None);
        }
    });

    let load_earlier = move || {
        if earlier.get_untracked() && !untrack(|| line.is_loading(chat)) {
            let first = store.with_log_untracked(chat, |log| log.events.first().map(|e| e.seq)).flatten();
            line.load(chat, first);
        }
    };
    let on_scroll = move |_| {
        let near = node.get_untracked().is_some_and(|log| log.scroll_top() < NEAR_START);
        if near && settled.get_untracked() && untrack(|| line.load_error(chat)).is_none() {
            load_earlier();
        }
    };
    let (earlier_label, jump_label, log_label) = (t.common_earlier(), t.console_jump_newest(), t.console_log_label());
    let jump_words = {
        let t = t.clone();
        move || match below.get() {
            0 => jump_label.clone(),
            n => t.common_new_messages(n),
        }
    };
    view! {
        <div class="log-place">
            <div class="log" role="log" aria-live="off" aria-label=log_label tabindex="0" node_ref=node on:scroll=on_scroll>
                <div class="lines">
                    <Show when=move || earlier.get()>
                        <button type="button" class="btn ghost earlier" aria-disabled=move || line.is_loading(chat).then_some("true") on:click=move |_| load_earlier()>
                            {earlier_label.clone()}
                        </button>
                    </Show>
                    {move || (!loaded.get()).then(|| view! { <NotLoaded line chat/> })}
                    <For each=move || lines.get() key=Item::key let:item>
                        <ItemLine line item told/>
                    </For>
                    <For
                        each=move || unsent.get()
                        key=move |(e, note)| (e.id, e.sending(if *note { line.notes.stuck().get() } else { line.outbox.stuck().get() }) as u8)
                        children=move |(entry, note)| view! { <Unsent line entry note/> }
                    />
                </div>
            </div>
            <Show when=move || !at_end.get()>
                <button type="button" class="jump" on:click=move |_| to_end()>
                    <Icon name="arrow-down"/>
                    {jump_words.clone()}
                </button>
            </Show>
        </div>
    }
    .into_any()
}

/// A skeleton, after a while; or why nothing came.
#[component]
fn NotLoaded(line: Line, chat: ChatId) -> impl IntoView {
    let t = texts();
    move || match line.load_error(chat) {
        Some(error) => {
            let (text, retry) = (plain_error_text(&t, &error), t.common_retry());
            view! {
                <EmptyState icon="alert" title=t.console_thread_failed()>
                    <p>{text}</p>
                    <Button on_press=Callback::new(move |()| line.load(chat, None))>{retry}</Button>
                </EmptyState>
            }
            .into_any()
        }
        None => view! {
            <div class="skeleton" role="status">
                <span class="visually-hidden">{t.common_loading()}</span>
                <i></i>
                <i></i>
                <i class="me"></i>
                <i></i>
            </div>
        }
        .into_any(),
    }
}

fn is_ours(event: &Event) -> bool {
    matches!(event, Event::Message { author: Author::Agent(_), .. })
}
