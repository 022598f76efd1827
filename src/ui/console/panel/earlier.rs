//! 지난 상담 (A59): the customer's chats before this one, the newest first, page by page.

use super::{
    beside::{Beside, Front},
    words,
};
use crate::{
    api::panel::{EarlierChat, load_earlier},
    ui::{
        kit::{
            Button, texts,
            time::{DayLabel, Time},
        },
        settings::editing::Work,
    },
};
use leptos::prelude::*;

#[component]
pub fn Earlier(beside: Beside) -> impl IntoView {
    let t = texts();
    let first = beside.part(|panel| panel.earlier.clone());
    let total = beside.part(|panel| panel.earlier_count);
    // What was asked for beyond the first page, and whether there is more.
    let older = RwSignal::new((Vec::<EarlierChat>::new(), None::<bool>));
    let all = Memo::new(move |_| {
        let mut all = first.get().map(|page| page.chats).unwrap_or_default();
        // A first page that was loaded again may reach into what was asked for.
        let beyond =
            older.with(|(older, _)| older.iter().filter(|one| all.iter().all(|there| there.chat != one.chat)).cloned().collect::<Vec<_>>());
        all.extend(beyond);
        all
    });
    let more = Memo::new(move |_| older.read().1.unwrap_or_else(|| first.read().as_ref().is_some_and(|page| page.more)));
    let work = Work::new();
    let next = Callback::new(move |()| {
        let Some(last) = all.with_untracked(|all| all.last().map(|one| one.chat)) else { return };
        work.run(load_earlier(beside.chat, last), move |page| {
            older.update(|(chats, more)| {
                chats.extend(page.chats);
                *more = Some(page.more);
            });
        });
    });
    let heading = {
        let t = t.clone();
        move || t.panel_earlier_count(total.get().unwrap_or_default())
    };
    let (none, more_label) = (t.panel_earlier_none(), t.panel_earlier_more());
    view! {
        <section class="beside-part" aria-labelledby="earlier-title">
            <h3 id="earlier-title">{heading}</h3>
            <p class="muted small" hidden=move || !all.read().is_empty()>
                {none}
            </p>
            <ul class="cards">
                <For each=move || all.get() key=|one| one.chat let:one>
                    <Row beside one/>
                </For>
            </ul>
            {move || {
                let label = more_label.clone();
                more.get()
                    .then(|| {
                        view! {
                            <div>
                                <Button busy=work.busy on_press=next>
                                    {label}
                                </Button>
                            </div>
                        }
                    })
            }}
        </section>
    }
    .into_any()
}

#[component]
fn Row(beside: Beside, one: EarlierChat) -> impl IntoView {
    let t = texts();
    let id = one.chat;
    let queue = beside.line.store.queue_name(one.queue).map(|queue| queue.get(t.language).to_owned());
    let agent = one.agent.map(|agent| beside.name_of(agent)).filter(|name| !name.is_empty());
    let under = [queue, agent].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let outcome = words::outcome(&t, &one);
    let path = one.path.get(t.language).to_owned();
    view! {
        <li>
            <button type="button" class="card-btn" on:click=move |_| beside.front.set(Front::Earlier(id))>
                <span class="card-line">
                    <b><DayLabel at=one.intake_at/> " " <Time at=one.intake_at/></b>
                    <span class="chip">{outcome}</span>
                </span>
                {(!path.is_empty()).then(|| view! { <span class="card-title">{path}</span> })}
                <span class="small muted">{under}</span>
            </button>
        </li>
    }
    .into_any()
}
