//! 대기열 배정 (A11): agents × queues.

use super::{
    SettingsPage,
    editing::{SaveBar, Work},
};
use crate::{
    api::queues::{SeatAgent, SeatPlan, assign_seats, load_seats},
    domain::{
        ids::{AccountId, QueueId},
        service::{Queue, Seat},
    },
    ui::{
        kit::{EmptyState, Field, texts},
        load::load,
    },
};
use leptos::{ev, prelude::*, wasm_bindgen::JsCast as _, web_sys};
use std::collections::{BTreeSet, HashMap};

type Seats = BTreeSet<(QueueId, AccountId)>;

/// `/settings/seats`
#[component]
pub fn SeatsPage() -> impl IntoView {
    let t = texts();
    view! {
        <SettingsPage group=t.settings_operation() title=t.settings_seats() lead=t.settings_seats_lead() wide=true>
            {load(load_seats, |plan, _| view! { <Plan plan/> }.into_any())}
        </SettingsPage>
    }
    .into_any()
}

#[component]
fn Plan(plan: SeatPlan) -> impl IntoView {
    let t = texts();
    if plan.queues.is_empty() {
        return view! {
            <EmptyState icon="inbox" title=t.settings_seats_no_queue()>
                <p>
                    <a class="btn" href="/settings/queues">
                        {t.settings_seats_make_queue()}
                    </a>
                </p>
            </EmptyState>
        }
        .into_any();
    }
    let stored = RwSignal::new(plan.seats.iter().copied().collect::<Seats>());
    let draft = RwSignal::new(stored.get_untracked());
    let search = RwSignal::new(String::new());
    let work = Work::new();
    let changes = Memo::new(move |_| draft.read().symmetric_difference(&stored.read()).count());
    let done = t.settings_seats_saved();
    let save = Callback::new(move |()| {
        let (wanted, was) = (draft.get_untracked(), stored.get_untracked());
        let changes =
            wanted.symmetric_difference(&was).map(|seat| Seat { queue: seat.0, account: seat.1, on: wanted.contains(seat) }).collect();
        let done = done.clone();
        work.run(assign_seats(changes), move |plan: SeatPlan| {
            let seats: Seats = plan.seats.into_iter().collect();
            stored.set(seats.clone());
            draft.set(seats);
            work.say(done);
        });
    });
    view! {
        <div class="toolbar">
            <Field id="seats-search" name="search" label=t.settings_seats_search() value=search kind="search"/>
            <p class="muted small" aria-live="polite">
                {move || {
                    let t = texts();
                    (changes.get() > 0).then(|| t.settings_seats_changes(changes.get()))
                }}
            </p>
        </div>
        <Table queues=plan.queues agents=plan.agents draft search/>
        <SaveBar
            dirty=Signal::derive(move || changes.get() > 0)
            work
            on_save=save
            on_revert=Callback::new(move |()| draft.set(stored.get_untracked()))
        />
    }
    .into_any()
}

#[component]
fn Table(queues: Vec<Queue>, agents: Vec<SeatAgent>, draft: RwSignal<Seats>, search: RwSignal<String>) -> impl IntoView {
    let t = texts();
    let ids: Vec<QueueId> = queues.iter().map(|q| q.id).collect();
    let names: Vec<String> = queues.iter().map(|q| q.name.get(t.language).to_owned()).collect();
    let people: Vec<(AccountId, String)> = agents.iter().map(|a| (a.account, a.name.to_lowercase())).collect();
    let found = Memo::new(move |_| {
        let wanted = search.read().trim().to_lowercase();
        people.iter().filter(|(_, name)| name.contains(&wanted)).map(|(account, _)| *account).collect::<Vec<_>>()
    });
    let heads = queues
        .iter()
        .zip(&names)
        .map(|(queue, name)| {
            let id = queue.id;
            let press = move |_| toggle_all(draft, found.get_untracked().into_iter().map(|account| (id, account)).collect());
            view! {
                <th scope="col">
                    <button type="button" class="seat-all" class:muted=!queue.active title=t.settings_seats_all_of_queue(name) on:click=press>
                        {name.clone()}
                    </button>
                    {(!queue.active).then(|| view! { <span class="small muted">{t.people_queue_off()}</span> })}
                </th>
            }
        })
        .collect_view();
    let count = ids.len();
    let accounts: Vec<AccountId> = agents.iter().map(|a| a.account).collect();
    show(draft, &ids, &accounts);
    let seats = StoredValue::new((ids.clone(), accounts));
    let press = move |event: ev::Event| {
        let box_ = event_target::<web_sys::HtmlInputElement>(&event);
        let seat = place(&box_.id())
            .and_then(|(line, column)| seats.with_value(|(queues, agents)| Some((*queues.get(column)?, *agents.get(line)?))));
        if let Some(seat) = seat {
            set(draft, seat, box_.checked());
        }
    };
    let rows = agents
        .into_iter()
        .enumerate()
        .map(|(line, agent)| {
            let account = agent.account;
            let shown = Memo::new(move |_| found.read().contains(&account));
            let all: Vec<_> = ids.iter().map(|queue| (*queue, account)).collect();
            let cells = ids
                .iter()
                .zip(&names)
                .enumerate()
                .map(|(column, (queue, name))| {
                    view! {
                        <td>
                            <label class="seat">
                                <input
                                    type="checkbox"
                                    id=box_id(line, column)
                                    data-column=column
                                    autocomplete="off"
                                    aria-label=t.settings_seats_cell(&agent.name, name)
                                    checked=draft.read_untracked().contains(&(*queue, account))
                                />
                            </label>
                        </td>
                    }
                })
                .collect_view();
            view! {
                <tr hidden=move || !shown.get()>
                    <th scope="row">
                        <button
                            type="button"
                            class="seat-all"
                            title=t.settings_seats_all_of_agent(&agent.name)
                            on:click=move |_| toggle_all(draft, all.clone())
                        >
                            {agent.name.clone()}
                        </button>
                        {(!agent.chat).then(|| view! { <span class="small muted">{t.settings_seats_no_right()}</span> })}
                    </th>
                    {cells}
                </tr>
            }
        })
        .collect_view();
    let nobody = t.settings_seats_nobody();
    view! {
        <div class="table-place" tabindex="0" role="region" aria-label=t.settings_seats()>
            <table class="table seats" on:change=press on:keydown=move |event| walk(&event, count)>
                <thead>
                    <tr>
                        <th scope="col">{t.settings_seats_agent()}</th>
                        {heads}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <p class="muted" hidden=move || !found.read().is_empty()>{nobody}</p>
    }
    .into_any()
}

/// The id of the box in this line and column of the table.
fn box_id(line: usize, column: usize) -> String {
    format!("seat-{line}-{column}")
}

/// The line and column of a box.
fn place(id: &str) -> Option<(usize, usize)> {
    let (line, column) = id.strip_prefix("seat-")?.split_once('-')?;
    Some((line.parse().ok()?, column.parse().ok()?))
}

/// Keeps the boxes as the draft has them. There may be thousands: a change touches those
/// that it concerns, and none of them has a listener or an effect of its own.
fn show(draft: RwSignal<Seats>, queues: &[QueueId], agents: &[AccountId]) {
    let lines: HashMap<AccountId, usize> = agents.iter().enumerate().map(|(line, account)| (*account, line)).collect();
    let columns: HashMap<QueueId, usize> = queues.iter().enumerate().map(|(column, queue)| (*queue, column)).collect();
    Effect::new(move |before: Option<Seats>| {
        let now = draft.get();
        let tick = |seat: &(QueueId, AccountId)| {
            let id = lines.get(&seat.1).zip(columns.get(&seat.0)).map(|(line, column)| box_id(*line, *column));
            let found = id.and_then(|id| document().get_element_by_id(&id)).and_then(|e| e.dyn_into::<web_sys::HtmlInputElement>().ok());
            if let Some(box_) = found {
                box_.set_checked(now.contains(seat));
            }
        };
        match before {
            Some(before) => now.symmetric_difference(&before).for_each(tick),
            // One may have been pressed before there was a draft to keep it.
            None => columns.keys().flat_map(|queue| lines.keys().map(move |account| (*queue, *account))).for_each(|seat| tick(&seat)),
        }
        now
    });
}

fn set(draft: RwSignal<Seats>, seat: (QueueId, AccountId), on: bool) {
    draft.update(|seats| {
        if on {
            seats.insert(seat);
        } else {
            seats.remove(&seat);
        }
    });
}

/// All of them taken, or all free if they were all taken.
fn toggle_all(draft: RwSignal<Seats>, all: Vec<(QueueId, AccountId)>) {
    draft.update(|seats| {
        if all.iter().all(|seat| seats.contains(seat)) {
            for seat in &all {
                seats.remove(seat);
            }
        } else {
            seats.extend(all);
        }
    });
}

/// Arrow keys walk over the boxes.
fn walk(event: &ev::KeyboardEvent, columns: usize) {
    let Some(box_) = event.target().and_then(|t| t.dyn_into::<web_sys::HtmlInputElement>().ok()) else { return };
    let Some(column) = box_.get_attribute("data-column").and_then(|c| c.parse::<usize>().ok()) else { return };
    let Some(row) = box_.closest("tr").ok().flatten() else { return };
    let (row, column) = match event.key().as_str() {
        "ArrowRight" if column + 1 < columns => (Some(row), column + 1),
        "ArrowLeft" if column > 0 => (Some(row), column - 1),
        "ArrowDown" => (beside(row, true), column),
        "ArrowUp" => (beside(row, false), column),
        _ => return,
    };
    let to = row.and_then(|row| row.query_selector(&format!("[data-column='{column}']")).ok().flatten());
    if let Some(to) = to.and_then(|to| to.dyn_into::<web_sys::HtmlElement>().ok()) {
        event.prevent_default();
        // Focus fails only where the box left the page meanwhile.
        drop(to.focus());
    }
}

/// The next row that the search leaves, or the one before.
fn beside(row: web_sys::Element, down: bool) -> Option<web_sys::Element> {
    let mut row = row;
    loop {
        row = if down { row.next_element_sibling()? } else { row.previous_element_sibling()? };
        if !row.has_attribute("hidden") {
            return Some(row);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_knows_its_place() {
        assert_eq!(place(&box_id(199, 19)), Some((199, 19)));
        for other in ["seat-1", "seat-x-1", "seats-search", ""] {
            assert_eq!(place(other), None, "{other}");
        }
    }
}
