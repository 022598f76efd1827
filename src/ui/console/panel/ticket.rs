//! A ticket, opened and edited beside its chat; or a new one.

use super::{
    beside::{Beside, Front, Which},
    choice::Choice,
    kept::{self, Kept},
    keys::back,
    tags::TagChoice,
    words,
};
use crate::{
    api::{
        ApiError,
        settings::Saved,
        tickets::{TicketPage, create_ticket, load_ticket, new_ticket, save_ticket},
    },
    domain::{
        contact::Contact,
        ticket::{Fields, Priority, Status},
    },
    i18n::Texts,
    ui::{
        kit::{
            Area, Bound, Button, ButtonKind, EmptyState, Field, IconButton, texts,
            time::{DayLabel, Time},
        },
        live::ids::new_client_id,
        problems::plain_error_text,
        session::left_by,
        settings::{
            editing::Work,
            stale::{Draft, StaleBanner},
        },
    },
};
use leptos::{ev, html, prelude::*, task::spawn_local};

/// The ticket in front of the pane.
#[component]
pub fn TicketView(beside: Beside, which: Which) -> impl IntoView {
    let t = texts();
    let page = RwSignal::new(None::<Result<TicketPage, ApiError>>);
    let load = move || {
        spawn_local(async move {
            let answer = match which {
                Which::New => new_ticket(beside.chat).await,
                Which::There(id) => load_ticket(id).await,
            };
            match answer {
                Err(error) if left_by(&error) => {}
                // What is there stays in front when it cannot be loaded again.
                Err(_) if page.try_with_untracked(|page| matches!(page, Some(Ok(_)))) == Some(true) => {}
                answer => drop(page.try_set(Some(answer))),
            }
        });
    };
    // Loaded at first sight, and again with what stands beside the chat.
    Effect::new(move |_| {
        beside.panel.track();
        load();
    });
    let title = {
        let t = t.clone();
        move || match which {
            Which::New => t.tickets_make(),
            Which::There(_) => page.with(|page| match page {
                Some(Ok(TicketPage { ticket: Some((_, number)), .. })) => t.tickets_number(number),
                _ => t.tickets_title(),
            }),
        }
    };
    let is = Memo::new(move |_| page.with(|page| page.as_ref().map(Result::is_ok)));
    let node = NodeRef::<html::H2>::new();
    // The focus goes on in what came to the front.
    Effect::new(move |_| {
        if let Some(title) = node.get() {
            drop(title.focus());
        }
    });
    let body = {
        let t = t.clone();
        move || match is.get() {
            None => view! { <p class="muted none" role="status">{t.common_loading()}</p> }.into_any(),
            Some(true) => page
                .with_untracked(|page| page.as_ref().and_then(|page| page.as_ref().ok()).cloned())
                .map(|first| view! { <TicketForm beside which first page/> })
                .into_any(),
            Some(false) => {
                let error = page.with_untracked(|page| page.as_ref().and_then(|page| page.as_ref().err()).cloned());
                let text = error.map(|error| plain_error_text(&t, &error)).unwrap_or_default();
                let retry = t.common_retry();
                view! {
                    <EmptyState icon="alert" title=t.tickets_failed()>
                        <p>{text}</p>
                        <Button on_press=Callback::new(move |()| load())>{retry}</Button>
                    </EmptyState>
                }
                .into_any()
            }
        }
    };
    view! {
        <div class="beside">
            <header class="head">
                <IconButton icon="arrow-left" label=t.panel_back() on_press=Callback::new(move |()| back(beside))/>
                <h2 node_ref=node tabindex="-1">{title}</h2>
            </header>
            {body}
        </div>
    }
    .into_any()
}

#[component]
fn TicketForm(beside: Beside, which: Which, first: TicketPage, page: RwSignal<Option<Result<TicketPage, ApiError>>>) -> impl IntoView {
    let t = texts();
    let place = match which {
        Which::New => format!("ticket-{}", beside.line.draft_place(beside.chat)),
        Which::There(id) => format!("ticket-{}-{id}", beside.line.store.me()),
    };
    let form = match kept::find::<Fields>(&place).filter(|kept| first.may_edit && kept.value != first.fields.value) {
        Some(Kept { over, base, value }) => Draft::resumed(first.fields.clone(), over, base, value),
        None => Draft::new(first.fields.clone()),
    };
    kept::follow(place.clone(), form, |_| ());
    Effect::new(move |_| {
        if let Some(fields) = page.with(|page| Some(page.as_ref()?.as_ref().ok()?.fields.clone())) {
            form.hear(fields);
        }
    });
    let work = Work::new();
    let shown = Memo::new(move |_| page.with(|page| page.as_ref().and_then(|page| page.as_ref().ok()).cloned()));
    let offers = first.clone();
    let first_status = first.fields.value.status;
    let stored = Signal::derive(move || shown.with(|page| page.as_ref().map_or(first_status, |page| page.fields.value.status)));
    let may = Memo::new(move |_| shown.with(|page| page.as_ref().is_some_and(|page| page.may_edit)));
    // A request that is repeated makes one ticket.
    let client_id = StoredValue::new(None);
    let save = {
        let t = t.clone();
        Callback::new(move |()| {
            let (t, place) = (t.clone(), place.clone());
            match which {
                Which::New => {
                    let id = client_id.get_value().unwrap_or_else(new_client_id);
                    client_id.set_value(Some(id));
                    work.run(create_ticket(beside.chat, id, form.value.get_untracked()), move |made| {
                        kept::forget(&place);
                        let Some((id, number)) = made.ticket else { return };
                        work.say(t.tickets_made(number));
                        beside.front.set(Front::Ticket(Which::There(id)));
                        beside.load();
                    });
                }
                Which::There(id) => form.save(
                    work,
                    move |over, fields| async move {
                        let answer = save_ticket(id, over, fields).await?;
                        Ok(match answer {
                            Saved::Done(now) => {
                                let fields = now.fields.clone();
                                let _ = page.try_set(Some(Ok(now)));
                                Saved::Done(fields)
                            }
                            Saved::Stale(now) => Saved::Stale(now.fields),
                        })
                    },
                    t.tickets_saved(),
                ),
            }
        })
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        save.run(());
    };
    let dirty = form.dirty();
    let new = which == Which::New;
    let (unsaved, revert) = (t.settings_unsaved(), t.settings_revert());
    let save_label = if new { t.tickets_make() } else { t.settings_save() };
    view! {
        <form class="notes" novalidate aria-label=t.tickets_form() on:submit=submit>
            <div class="notes-body">
                <StaleBanner draft=form work differs on_save=save/>
                <section class="beside-part">
                    <fieldset class="form" disabled=move || !may.get()>
                        <legend class="visually-hidden">{t.tickets_form()}</legend>
                        <FieldsOf beside offers work value=form.value stored/>
                    </fieldset>
                    <Requester contact=first.requester code=first.code/>
                </section>
                {(!new).then(|| view! { <TicketLog beside shown/> })}
            </div>
            <footer class="notes-foot" hidden=move || !may.get()>
                <span class="small muted" role="status">{move || dirty.get().then(|| unsaved.clone())}</span>
                {move || {
                    let revert = revert.clone();
                    dirty
                        .get()
                        .then(|| {
                            view! {
                                <Button kind=ButtonKind::Ghost disabled=work.busy on_press=Callback::new(move |()| {
                                        work.error.set(None);
                                        form.revert();
                                    })>{revert}</Button>
                            }
                        })
                }}
                <Button kind=ButtonKind::Main submit=true busy=work.busy disabled=Signal::derive(move || !new && !dirty.get())>
                    {save_label}
                </Button>
            </footer>
        </form>
    }
    .into_any()
}

/// What can be written of a ticket.
#[component]
fn FieldsOf(
    beside: Beside,
    offers: TicketPage,
    work: Work,
    value: RwSignal<Fields>,
    /// The status that it comes from.
    stored: Signal<Status>,
) -> impl IntoView {
    let t = texts();
    let statuses = {
        let (t, may_close) = (t.clone(), offers.may_close);
        Signal::derive(move || {
            let (assigned, stored) = (value.with(|value| value.assignee.is_some()), stored.get());
            Status::ALL
                .into_iter()
                // 미할당 and 처리중 are told apart by the assignee.
                .filter(|status| *status != if assigned { Status::New } else { Status::Open })
                .filter(|status| *status == stored || stored.may_become(*status, may_close))
                .map(|status| (status.code().to_owned(), words::status(&t, status)))
                .collect()
        })
    };
    let priorities = {
        let t = t.clone();
        Signal::derive(move || {
            Priority::ALL.into_iter().map(|priority| (priority.code().to_owned(), words::priority(&t, priority))).collect()
        })
    };
    let agents = {
        let (t, all) = (t.clone(), offers.assignable);
        Signal::derive(move || {
            let mut options = vec![(String::new(), t.tickets_nobody())];
            options.extend(all.iter().map(|one| (one.account.to_string(), one.name.clone())));
            // Who has it keeps it, also without the right by now.
            let had = value.with(|value| value.assignee).filter(|had| all.iter().all(|one| one.account != *had));
            options.extend(had.map(|had| (had.to_string(), words::assignee(&t, beside, Some(had)))));
            options
        })
    };
    let status = Bound::part(
        value,
        |fields| fields.status.with(fields.assignee).code().to_owned(),
        |fields, code| {
            if let Some(status) = Status::parse(&code) {
                fields.status = status;
            }
        },
    );
    let priority = Bound::part(
        value,
        |fields| fields.priority.code().to_owned(),
        |fields, code| {
            if let Some(priority) = Priority::parse(&code) {
                fields.priority = priority;
            }
        },
    );
    let assignee = Bound::part(
        value,
        |fields| fields.assignee.map(|to| to.to_string()).unwrap_or_default(),
        |fields, code| {
            fields.assignee = code.parse().ok();
            fields.status = fields.status.with(fields.assignee);
        },
    );
    let tags = Bound::part(value, |fields| fields.tags.clone(), |fields, tags| fields.tags = tags);
    view! {
        <Field id="ticket-subject" name="subject" label=t.tickets_subject_label() autocomplete="off" value=Bound::part(value, |f| f.subject.clone(), |f, subject| f.subject = subject) problem=work.problem("subject")/>
        <Area id="ticket-description" label=t.tickets_description() rows=5 value=Bound::part(value, |f| f.description.clone(), |f, text| f.description = text) problem=work.problem("description")/>
        <Choice id="ticket-assignee" label=t.tickets_assignee() options=agents value=assignee problem=work.problem("assignee")/>
        <div class="pair">
            <Choice id="ticket-status" label=t.tickets_status() options=statuses value=status problem=work.problem("status")/>
            <Choice id="ticket-priority" label=t.tickets_priority() options=priorities value=priority/>
        </div>
        <TagChoice label=t.tickets_tags() offers=Signal::stored(offers.tags) value=tags/>
    }
    .into_any()
}

/// 요청자: the customer, as he is known (A60).
#[component]
fn Requester(contact: Contact, code: String) -> impl IntoView {
    let t = texts();
    let Contact { name, email, phone } = contact;
    let who = if name.is_empty() { t.console_customer(code) } else { name };
    let line = |label: String, text: String| {
        (!text.is_empty()).then(|| {
            view! {
                <dt>{label}</dt>
                <dd>{text}</dd>
            }
        })
    };
    view! {
        <dl class="facts">
            <dt>{t.tickets_requester()}</dt>
            <dd>{who}</dd>
            {line(t.console_customer_email(), email)}
            {line(t.console_customer_phone(), phone)}
            <dt>{t.panel_channel()}</dt>
            <dd>{t.panel_channel_chat()}</dd>
        </dl>
    }
    .into_any()
}

/// Who did what to it, the newest first.
#[component]
fn TicketLog(beside: Beside, shown: Memo<Option<TicketPage>>) -> impl IntoView {
    let t = texts();
    let lines = {
        let t = t.clone();
        move || {
            let t = t.clone();
            let log = shown.with(|page| page.as_ref().map(|page| page.log.clone()).unwrap_or_default());
            log.into_iter()
                .map(|entry| {
                    let who = entry.by.map_or_else(|| t.tickets_by_service(), |by| words::assignee(&t, beside, Some(by)));
                    view! {
                        <li>
                            <span>{words::change(&t, beside, &entry.change)}</span>
                            <span class="small muted">
                                {who} " · " <DayLabel at=entry.at/> " " <Time at=entry.at/>
                            </span>
                        </li>
                    }
                })
                .collect_view()
        }
    };
    view! {
        <section class="beside-part" aria-labelledby="ticket-log-title">
            <h3 id="ticket-log-title">{t.tickets_log()}</h3>
            <ol class="ticket-log">{lines}</ol>
        </section>
    }
    .into_any()
}

/// The names of what differs, with the newer words where they are short.
fn differs(t: &Texts, one: &Fields, other: &Fields) -> Vec<String> {
    [
        (one.subject != other.subject).then(|| format!("{}: {}", t.tickets_subject_label(), other.subject)),
        (one.description != other.description).then(|| t.tickets_description()),
        (one.status != other.status).then(|| format!("{}: {}", t.tickets_status(), words::status(t, other.status))),
        (one.priority != other.priority).then(|| format!("{}: {}", t.tickets_priority(), words::priority(t, other.priority))),
        (one.assignee != other.assignee).then(|| t.tickets_assignee()),
        (one.tags != other.tags).then(|| t.tickets_tags()),
    ]
    .into_iter()
    .flatten()
    .collect()
}
