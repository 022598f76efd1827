//! 대기열 관리 (A10, G26).

use super::{
    SettingsPage,
    editing::{LineForm, NameFields, Work},
    focus::focus_first,
};
use crate::{
    api::{
        ApiError,
        queues::{QueueRow, activate_queue, create_queue, delete_queue, list_queues, move_queue, rename_queue},
    },
    domain::{
        ids::QueueId,
        service::{Localized, Rule},
    },
    ui::{
        kit::{Bound, Button, ButtonKind, Confirm, EmptyState, IconButton, Switch, texts},
        load::load,
    },
};
use leptos::{ev, prelude::*};

/// `/settings/queues`
#[component]
pub fn QueuesPage() -> impl IntoView {
    let t = texts();
    view! {
        <SettingsPage group=t.settings_operation() title=t.settings_queues() lead=t.settings_queues_lead()>
            {load(list_queues, |rows, _| view! { <Queues rows/> }.into_any())}
        </SettingsPage>
    }
    .into_any()
}

/// What the list and its rows share.
#[derive(Clone, Copy)]
struct List {
    rows: RwSignal<Vec<QueueRow>>,
    work: Work,
    /// The row whose name is being changed.
    renaming: RwSignal<Option<QueueId>>,
    /// The queue that a question is about, and whether the question stands.
    deleting: RwSignal<Option<QueueRow>>,
    asks_delete: RwSignal<bool>,
    /// The same for a queue whose deactivation customers would notice: chats that wait,
    /// and whether it is the last one.
    stopping: RwSignal<Option<(QueueId, u64, bool)>>,
    asks_stop: RwSignal<bool>,
}

impl List {
    /// Closes the form and gives the focus back to the button that opened it.
    fn close(self) {
        if let Some(queue) = self.renaming.get_untracked() {
            self.renaming.set(None);
            focus_first([button_id("rename", queue)]);
        }
    }

    fn activate(self, queue: QueueId, active: bool, confirmed: bool) {
        self.work.run_on_list(
            async move {
                match activate_queue(queue, active, confirmed).await {
                    // A question, no failure.
                    Err(ApiError::Rule(Rule::AsksFirst { waiting, last })) => Ok(Err((queue, waiting, last))),
                    other => other.map(Ok),
                }
            },
            async { list_queues().await.map(Ok) },
            move |answer| match answer {
                Ok(now) => {
                    self.rows.set(now);
                    self.asks_stop.set(false);
                }
                Err(question) => {
                    self.stopping.set(Some(question));
                    self.asks_stop.set(true);
                }
            },
        );
    }

    fn place(self, queue: QueueId, to: usize, pressed: &'static str) {
        let other = if pressed == "up" { "down" } else { "up" };
        self.work.run_on_list(move_queue(queue, u32::try_from(to).unwrap_or(u32::MAX)), list_queues(), move |now| {
            self.rows.set(now);
            // The row has moved, and with it the button; at the end only the other one is left.
            focus_first([button_id(pressed, queue), button_id(other, queue)]);
        });
    }
}

/// The id of a row's button.
fn button_id(what: &str, queue: QueueId) -> String {
    format!("{what}-{queue}")
}

#[component]
fn Queues(rows: Vec<QueueRow>) -> impl IntoView {
    let t = texts();
    let list = List {
        rows: RwSignal::new(rows),
        work: Work::new(),
        renaming: RwSignal::new(None),
        deleting: RwSignal::new(None),
        asks_delete: RwSignal::new(false),
        stopping: RwSignal::new(None),
        asks_stop: RwSignal::new(false),
    };
    let rows = list.rows;
    let (empty_title, empty_text) = (t.settings_no_queue(), t.settings_no_queue_text());
    view! {
        <NewQueue list/>
        <section class="card" aria-labelledby="queues-title">
            <h2 id="queues-title">{t.settings_queues_order()}</h2>
            <p class="muted small">{t.settings_queues_order_text()}</p>
            {move || {
                let (title, text) = (empty_title.clone(), empty_text.clone());
                rows.read()
                    .is_empty()
                    .then(|| {
                        view! {
                            <EmptyState icon="inbox" title>
                                <p>{text}</p>
                            </EmptyState>
                        }
                    })
            }}
            <ol class="lines">
                <For each=move || rows.get() key=|row| row.queue.id let:row>
                    <Row list id=row.queue.id/>
                </For>
            </ol>
        </section>
        <Questions list/>
    }
    .into_any()
}

#[component]
fn NewQueue(list: List) -> impl IntoView {
    let t = texts();
    let name = RwSignal::new(Localized::default());
    let work = Work::new();
    let made = t.settings_queue_made();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let made = made.clone();
        work.run(create_queue(name.get_untracked()), move |now| {
            list.rows.set(now);
            name.set(Localized::default());
            work.say(made);
        });
    };
    view! {
        <section class="card" aria-labelledby="new-queue-title">
            <h2 id="new-queue-title">{t.settings_new_queue()}</h2>
            <form class="form" novalidate on:submit=submit>
                <NameFields id="new-queue" name work/>
                <div>
                    <Button kind=ButtonKind::Main submit=true busy=work.busy>
                        {t.settings_new_queue()}
                    </Button>
                </div>
            </form>
        </section>
    }
    .into_any()
}

#[component]
fn Row(list: List, id: QueueId) -> impl IntoView {
    let place = Memo::new(move |_| list.rows.read().iter().position(|r| r.queue.id == id));
    let row = Memo::new(move |_| list.rows.read().iter().find(|r| r.queue.id == id).cloned());
    let renaming = Memo::new(move |_| list.renaming.get() == Some(id));
    view! {
        <li class="line">
            {move || {
                let row = row.get()?;
                Some(if renaming.get() { view! { <Rename list row/> }.into_any() } else { view! { <Shown list row place/> }.into_any() })
            }}
        </li>
    }
    .into_any()
}

#[component]
fn Shown(list: List, row: QueueRow, place: Memo<Option<usize>>) -> impl IntoView {
    let t = texts();
    let id = row.queue.id;
    let Localized { ko, en } = row.queue.name.clone();
    let name = row.queue.name.get(t.language).to_owned();
    let other = if ko.is_empty() || en.is_empty() { String::new() } else { [ko, en].into_iter().find(|n| *n != name).unwrap_or_default() };
    // The first active one takes chats without a choice (G26).
    let default = Memo::new(move |_| list.rows.read().iter().find(|r| r.queue.active).map(|r| r.queue.id) == Some(id));
    let default_label = t.settings_default_queue();
    let last = Memo::new(move |_| place.get().is_some_and(|at| at + 1 == list.rows.read().len()));
    let active = Bound {
        get: Signal::derive(move || list.rows.read().iter().any(|r| r.queue.id == id && r.queue.active)),
        set: Callback::new(move |on| list.activate(id, on, false)),
    };
    let step = move |by: isize, pressed: &'static str| {
        if let Some(to) = place.get_untracked().and_then(|at| at.checked_add_signed(by)) {
            list.place(id, to, pressed);
        }
    };
    let rename = t.settings_rename_named(&name);
    let (up, down, delete) = (t.settings_move_up(&name), t.settings_move_down(&name), t.settings_delete_named(&name));
    let deleted = row.clone();
    view! {
        <div class="line-main">
            <p>
                <b>{name.clone()}</b>
                {move || {
                    let label = default_label.clone();
                    default.get().then(|| view! { " " <span class="chip active">{label}</span> })
                }}
            </p>
            <p class="muted small">
                {(!other.is_empty()).then(|| view! { <span>{other} " · "</span> })} {t.settings_queue_facts(row.agents, row.waiting)}
            </p>
        </div>
        <Switch label=t.settings_queue_active(&name) value=active bare=true/>
        <div class="line-acts">
            <IconButton icon="arrow-up" label=up id=button_id("up", id) disabled=Signal::derive(move || place.get() == Some(0)) on_press=Callback::new(move |()| step(-1, "up"))/>
            <IconButton icon="arrow-down" label=down id=button_id("down", id) disabled=last on_press=Callback::new(move |()| step(1, "down"))/>
            <IconButton icon="pencil" label=rename id=button_id("rename", id) on_press=Callback::new(move |()| list.renaming.set(Some(id)))/>
            <IconButton icon="trash" label=delete on_press=Callback::new(move |()| {
                    list.deleting.set(Some(deleted.clone()));
                    list.asks_delete.set(true);
                })/>
        </div>
    }
    .into_any()
}

#[component]
fn Rename(list: List, row: QueueRow) -> impl IntoView {
    let t = texts();
    let (id, was) = (row.queue.id, row.queue.name.clone());
    let name = RwSignal::new(was.clone());
    let work = Work::new();
    let label = t.settings_rename_named(was.get(t.language));
    let close = move || list.close();
    let save = Callback::new(move |()| {
        work.run_on_list(rename_queue(id, was.clone(), name.get_untracked()), list_queues(), move |now| {
            close();
            list.rows.set(now);
        });
    });
    view! {
        <LineForm label busy=work.busy on_save=save on_close=Callback::new(move |()| list.close())>
            <NameFields id="rename-queue" name work/>
        </LineForm>
    }
    .into_any()
}

/// What is asked before a queue is deleted, or stops taking chats where customers notice.
#[component]
fn Questions(list: List) -> impl IntoView {
    let t = texts();
    let delete = Callback::new(move |()| {
        let Some(row) = list.deleting.get_untracked() else { return };
        let id = row.queue.id;
        list.asks_delete.set(false);
        list.work.run_on_list(delete_queue(id), list_queues(), move |now| list.rows.set(now));
    });
    let stop = Callback::new(move |()| {
        if let Some((id, ..)) = list.stopping.get_untracked() {
            list.activate(id, false, true);
        }
    });
    let deleted = {
        let t = t.clone();
        Signal::derive(move || {
            list.deleting.get().map_or_else(String::new, |row| t.settings_delete_queue_text(row.agents, row.queue.name.get(t.language)))
        })
    };
    let stopped = {
        let t = t.clone();
        Signal::derive(move || match list.stopping.get() {
            Some((_, 0, true)) => t.settings_stop_last_queue(),
            Some((_, waiting, true)) => t.settings_stop_last_queue_waiting(waiting),
            Some((_, waiting, false)) => t.settings_stop_queue_waiting(waiting),
            None => String::new(),
        })
    };
    view! {
        <Confirm
            id="delete-queue"
            open=list.asks_delete
            title=t.settings_delete_queue()
            text=deleted
            confirm=t.settings_delete()
            danger=true
            busy=list.work.busy
            on_confirm=delete
        />
        <Confirm
            id="stop-queue"
            open=list.asks_stop
            title=t.settings_stop_queue()
            text=stopped
            confirm=t.settings_deactivate()
            danger=true
            busy=list.work.busy
            on_confirm=stop
        />
    }
    .into_any()
}
