//! The one dialog that ends a chat (A64, G30, K19), wherever its end was asked for.

use super::super::{
    line::{Asked, Line},
    panel::{self, Beside, CategoryPicker, TagChoice},
    words::{customer, since},
};
use crate::{
    api::{ApiError, Problem, settings::Versioned, tickets::TicketCard},
    domain::{
        chat::{Refused, State},
        ids::{ChatId, TicketId},
        information::{Information, Missing, Noting, WrapUp, missing},
        service::Rule,
        settings::Closing,
    },
    i18n::Texts,
    ui::{
        kit::{Bound, Button, ButtonKind, Icon, modal, texts},
        live::host,
        problems::{error_text, problem_text},
        session::left_by,
    },
};
use leptos::{ev, html, leptos_dom::helpers::document, prelude::*, task::spawn_local, wasm_bindgen::JsCast as _, web_sys};
use leptos_router::hooks::use_navigate;
use std::collections::BTreeSet;

const CATEGORY: &str = "end-category";

/// "대화를 종료할까요?": what is ended, what is asked for, and what would be lost. `Line::ending`
/// opens it; Enter ends, Escape goes back.
#[component]
pub fn Ending(line: Line) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let asked = line.ending;
    modal(node, Signal::derive(move || asked.get().is_some()));
    on_cleanup(move || {
        let _ = asked.try_set(None);
    });
    view! {
        <dialog node_ref=node class="dialog wide ending" aria-labelledby="end-chat-title" aria-describedby="end-chat-text" on:close=move |_| asked.set(None)>
            {move || asked.get().map(|asked| view! { <Form line asked/> })}
        </dialog>
    }
    .into_any()
}

/// What the dialog has chosen so far. Copy; lives as long as it is open.
#[derive(Clone, Copy)]
struct Sheet {
    beside: Beside,
    noted: Memo<Option<Versioned<Information>>>,
    /// As it shall stand: what was typed beside the chat, with what is chosen here.
    value: RwSignal<Information>,
    /// Whether something was typed beside the chat and not saved.
    unsaved: RwSignal<bool>,
    /// 저장, else 버리기.
    keeps: RwSignal<bool>,
    solved: RwSignal<BTreeSet<TicketId>>,
    error: RwSignal<Option<ApiError>>,
    /// Whether it is known what to ask for; else what was last noted.
    began: RwSignal<bool>,
}

impl Sheet {
    fn new(line: Line, chat: ChatId) -> Self {
        let beside = Beside::new(line, chat);
        let sheet = Self {
            beside,
            noted: beside.part(|panel| panel.noted.clone()),
            value: RwSignal::default(),
            unsaved: RwSignal::new(false),
            keeps: RwSignal::new(true),
            solved: RwSignal::default(),
            error: RwSignal::new(None),
            began: RwSignal::new(false),
        };
        let place = panel::place(line, chat);
        // What a colleague saves meanwhile comes in where nothing was chosen.
        Effect::new(move |before: Option<Option<Information>>| {
            let now = sheet.noted.get()?.value;
            match before.flatten() {
                Some(base) => sheet.value.update(|value| *value = std::mem::take(value).over(&base, &now)),
                None => {
                    let there = beside.read(|panel| panel.unsaved.clone()).flatten();
                    let typed = panel::typed(&place, there).map(|typed| typed.value.over(&typed.base, &now)).filter(|value| *value != now);
                    sheet.unsaved.set(typed.is_some());
                    sheet.value.set(typed.unwrap_or_else(|| now.clone()));
                    sheet.began.set(true);
                }
            }
            Some(now)
        });
        sheet
    }

    /// Whether the service asks for more than is chosen.
    fn lacks(self) -> Option<Missing> {
        let category_required = self.beside.read(|panel| panel.category_required).unwrap_or_default();
        self.value.with_untracked(|value| missing(Closing { category_required }, value.category))
    }

    /// Of the customer, something was typed and not saved.
    fn asks_about_customer(self) -> bool {
        self.noted.with(|noted| noted.as_ref().is_some_and(|noted| self.value.with(|value| !value.same_customer(&noted.value))))
    }

    /// What goes with the end.
    fn wrap(self) -> WrapUp {
        let noted = self.noted.get_untracked().and_then(|Versioned { version: over, value: stored, .. }| {
            let chosen = self.value.get_untracked();
            let value = if self.keeps.get_untracked() {
                chosen
            } else {
                Information { category: chosen.category, tags: chosen.tags, ..stored.clone() }
            };
            (self.unsaved.get_untracked() || value != stored).then_some(Noting { over, value })
        });
        WrapUp { noted, solved: self.solved.get_untracked() }
    }
}

#[component]
fn Form(line: Line, asked: Asked) -> impl IntoView {
    let t = texts();
    let chat = asked.chat;
    let sheet = Sheet::new(line, chat);
    let busy = RwSignal::new(false);
    // Confirmed before it was known what to ask for; whether to go on with the next one.
    let early = RwSignal::new(None::<bool>);
    let next = Memo::new(move |_| line.filter.with(|filter| line.store.after(chat, filter)));
    let close = move || {
        let _ = line.ending.try_set(None);
    };
    let navigate = use_navigate();
    let end = Callback::new(move |onward: bool| {
        if busy.get_untracked() {
            return;
        }
        // What cannot be loaded is not asked for: then the server says what is missing.
        if !sheet.began.get_untracked() && sheet.beside.failed.read_untracked().is_none() {
            return early.set(Some(onward));
        }
        if sheet.began.get_untracked() && sheet.lacks().is_some() {
            sheet.error.set(Some(ApiError::field("category", Problem::Required)));
            return focus(&format!("#{CATEGORY}"));
        }
        busy.set(true);
        sheet.error.set(None);
        let (navigate, wrap) = (navigate.clone(), sheet.wrap());
        let (place, noted) = (panel::place(line, chat), wrap.noted.is_some());
        let to = onward.then(|| next.get_untracked()).flatten();
        spawn_local(async move {
            let answer = line.end(chat, wrap).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(()) => {
                    if noted {
                        panel::forget(&place);
                    }
                    close();
                    if let Some(to) = to {
                        if let Some(tab) = line.store.row_untracked(to).and_then(|row| row.tab(line.store.me())) {
                            let _ = line.tab.try_set(tab);
                        }
                        navigate(&line.filter.with_untracked(|filter| filter.address(Some(to))), Default::default());
                    } else if line.open.try_get_untracked().flatten() == Some(chat) {
                        navigate(&line.lists_address(), Default::default());
                    }
                }
                Err(error) if left_by(&error) => {}
                // It is not this agent's to end any more.
                Err(error @ (ApiError::Refused(Refused::TakenBy { .. }) | ApiError::NotFound)) => {
                    line.refused(chat, &error);
                    close();
                }
                Err(error) => {
                    if error == ApiError::Rule(Rule::Stale) || matches!(error, ApiError::Invalid(_)) {
                        sheet.beside.load();
                    }
                    let category = error.problem_of("category").is_some();
                    let _ = sheet.error.try_set(Some(error));
                    if category {
                        focus(&format!("#{CATEGORY}"));
                    }
                }
            }
        });
    });
    // The confirming button has the focus at first, a field that must be filled before it.
    Effect::new(move |_| host::next_frame(|| focus(".ending [autofocus]")));
    Effect::new(move |_| {
        if !sheet.began.get() && sheet.beside.failed.read().is_none() {
            return;
        }
        if sheet.began.get_untracked() && sheet.lacks().is_some() {
            early.set(None);
            host::next_frame(|| focus(&format!("#{CATEGORY}")));
        } else if let Some(onward) = early.get_untracked() {
            early.set(None);
            // Who confirmed has not seen yet that there is more to be asked.
            if !sheet.unsaved.get_untracked() {
                end.run(onward);
            }
        }
    });
    let what = {
        let t = t.clone();
        move || what(&t, line, chat)
    };
    let told = {
        let t = t.clone();
        move || {
            let error = sheet.error.get()?;
            let beside = ["category", "tags", "name", "email", "memo", "tickets"].iter().any(|field| error.problem_of(field).is_some());
            (!beside).then(|| {
                let words = error_text(&t, &error, |agent| line.store.name_of(agent));
                view! { <p class="problem" role="alert">{words}</p> }
            })
        }
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        end.run(asked.onward);
    };
    let waits = Signal::derive(move || busy.get() || early.get().is_some());
    let (title, text, cancel, end_label, next_label) =
        (t.console_end_title(), t.console_end_text(), t.common_cancel(), t.common_end_chat(), t.acts_end_next());
    // What Enter does comes last; it stays, so that the focus does.
    let on_other = Callback::new(move |()| end.run(!asked.onward));
    let goes_on = next.get_untracked().is_some();
    let (other, main) = if asked.onward && goes_on { (Some(end_label), next_label) } else { (goes_on.then_some(next_label), end_label) };
    let other = other.map(|label| view! { <Button busy=waits on_press=on_other>{label}</Button> });
    view! {
        <form class="ending-form" novalidate on:submit=submit>
            <h2 id="end-chat-title">{title}</h2>
            <div class="ending-body">
                <p class="end-what">{what}</p>
                <p id="end-chat-text" class="muted">{text}</p>
                {told}
                <Lost line chat/>
                <Asks sheet/>
            </div>
            <div class="answers">
                <Button on_press=Callback::new(move |()| close())>{cancel}</Button>
                {other}
                <Button kind=ButtonKind::Danger submit=true busy=waits autofocus=true>
                    {main}
                </Button>
            </div>
        </form>
    }
    .into_any()
}

/// What is asked for, once it is known: unsaved 고객정보, 처리유형, 채팅 태그, 티켓.
#[component]
fn Asks(sheet: Sheet) -> impl IntoView {
    let t = texts();
    let beside = sheet.beside;
    let problem = {
        let t = t.clone();
        move |fields: &'static [&'static str]| {
            let t = t.clone();
            Signal::derive(move || {
                let error = sheet.error.read();
                let problem = fields.iter().find_map(|field| error.as_ref()?.problem_of(field))?;
                Some(match (fields[0], problem) {
                    ("category", Problem::Required) => t.panel_category_missing(),
                    ("category", _) => t.panel_category_changed(),
                    ("tags", _) => t.panel_tags_changed(),
                    ("tickets", _) => t.acts_end_tickets_changed(),
                    _ => problem_text(&t, problem),
                })
            })
        }
    };
    let category = Bound::part(sheet.value, |one| one.category, |one, category| one.category = category);
    let tags = Bound::part(sheet.value, |one| one.tags.clone(), |one, tags| one.tags = tags);
    let offers = beside.part(|panel| panel.tags.clone());
    let offers = Signal::derive(move || offers.get().unwrap_or_default());
    // A tag that is gone is not kept in the choice.
    Effect::new(move |_| {
        let there: BTreeSet<_> = offers.get().into_iter().map(|tag| tag.id).collect();
        if sheet.began.get() && sheet.value.with_untracked(|value| !value.tags.is_subset(&there)) {
            sheet.value.update(|value| value.tags.retain(|tag| there.contains(tag)));
        }
    });
    let picks = beside.part(|panel| panel.category_required || !panel.tree.0.is_empty());
    let tickets = beside.part(|panel| {
        let open = panel.tickets.iter().filter(|ticket| panel.may_ticket && ticket.status.is_open());
        open.cloned().collect::<Vec<_>>()
    });
    let customer = Memo::new(move |_| sheet.asks_about_customer());
    move || {
        if !sheet.began.get() {
            return None;
        }
        let (t, problem) = (t.clone(), problem.clone());
        let (tags_label, tags_problem) = (t.panel_tags(), problem(&["tags"]));
        let (category_problem, customer_problem, tickets_problem) =
            (problem(&["category"]), problem(&["name", "email", "memo"]), problem(&["tickets"]));
        let unsaved = move || customer.get().then(|| view! { <UnsavedNotes sheet problem=customer_problem/> });
        let picker = move || {
            (picks.get() == Some(true)).then(|| view! { <CategoryPicker beside id=CATEGORY value=category problem=category_problem/> })
        };
        let solve = move || {
            let tickets = tickets.get().unwrap_or_default();
            (!tickets.is_empty()).then(|| view! { <Solve sheet tickets problem=tickets_problem/> })
        };
        Some(view! {
            <div class="ending-asks">
                {unsaved}
                {picker}
                <TagChoice label=tags_label offers value=tags problem=tags_problem/>
                {solve}
            </div>
        })
    }
}

/// What of 고객정보 is not saved: 저장 or 버리기.
#[component]
fn UnsavedNotes(sheet: Sheet, problem: Signal<Option<String>>) -> impl IntoView {
    let t = texts();
    let lines = {
        let t = t.clone();
        move || {
            let noted = sheet.noted.get().map(|noted| noted.value).unwrap_or_default();
            let mine = Information { category: noted.category, tags: noted.tags.clone(), ..sheet.value.get() };
            panel::differs(&t, &noted, &mine).into_iter().map(|line| view! { <li>{line}</li> }).collect_view()
        }
    };
    let choice = move |keeps: bool, label: String| {
        view! {
            <label class="radio">
                <input type="radio" name="end-unsaved" prop:checked=move || sheet.keeps.get() == keeps on:change=move |_| sheet.keeps.set(keeps)/>
                <span>{label}</span>
            </label>
        }
    };
    view! {
        <fieldset class="field end-unsaved">
            <legend>{t.acts_end_unsaved()}</legend>
            <ul class="small">{lines}</ul>
            <div class="end-choices">
                {choice(true, t.settings_save())}
                {choice(false, t.acts_end_discard())}
            </div>
            {move || problem.get().map(|problem| view! { <p class="problem" role="alert">{problem}</p> })}
        </fieldset>
    }
    .into_any()
}

/// 티켓 해결, for each ticket of the chat that is open.
#[component]
fn Solve(sheet: Sheet, tickets: Vec<TicketCard>, problem: Signal<Option<String>>) -> impl IntoView {
    let t = texts();
    let lines = tickets
        .into_iter()
        .map(|TicketCard { id, number, subject, .. }| {
            let on = Memo::new(move |_| sheet.solved.with(|solved| solved.contains(&id)));
            let press = move |event| {
                let checked = event_target_checked(&event);
                sheet.solved.update(|solved| {
                    if checked {
                        solved.insert(id);
                    } else {
                        solved.remove(&id);
                    }
                });
            };
            view! {
                <label class="radio">
                    <input type="checkbox" prop:checked=on on:change=press/>
                    <span>{t.acts_end_solve(number)} " " <span class="small muted">{subject}</span></span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="field end-tickets">
            <legend>{t.tickets_title()}</legend>
            {lines}
            {move || problem.get().map(|problem| view! { <p class="problem" role="alert">{problem}</p> })}
        </fieldset>
    }
    .into_any()
}

/// What has not reached the other side yet.
#[component]
fn Lost(line: Line, chat: ChatId) -> impl IntoView {
    let t = texts();
    let loses = t.acts_end_loses();
    let lost = Memo::new(move |_| lost(&t, line, chat));
    move || {
        let loses = loses.clone();
        (!lost.read().is_empty()).then(|| {
            let lines = lost.get().into_iter().map(|words| view! { <li>{words}</li> }).collect_view();
            view! {
                <div class="end-lost" role="alert">
                    <Icon name="alert"/>
                    <div>
                        <b>{loses}</b>
                        <ul>{lines}</ul>
                    </div>
                </div>
            }
        })
    }
}

fn focus(selector: &str) {
    let element = document().query_selector(selector).ok().flatten();
    if let Some(element) = element.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
        drop(element.focus());
    }
}

/// Whose chat it is, in which queue, and how long it has been talked.
fn what(t: &Texts, line: Line, chat: ChatId) -> Option<String> {
    let card = line.store.row(chat)?.card;
    let queue = line.store.queue_name(card.chat.queue).map(|name| name.get(t.language).to_owned());
    let talked = card.chat.started.map(|started| t.acts_end_talked(since(line.store.now().get(), started.at)));
    let gone = matches!(card.chat.state, State::CustomerEnded { .. }).then(|| t.console_event_customer_ended());
    let parts = [Some(customer(t, &card)), queue, talked, gone];
    Some(parts.into_iter().flatten().collect::<Vec<_>>().join(" · "))
}

fn lost(t: &Texts, line: Line, chat: ChatId) -> Vec<String> {
    let draft = line.drafts.text((chat, false)).filter(|text| !text.trim().is_empty());
    let unsent = line.outbox.entries().with(|all| all.iter().filter(|entry| entry.chat == Some(chat) && entry.sent.is_none()).count());
    let unread = line.store.row(chat).map_or(0, |row| row.card.unread);
    let parts = [
        draft.map(|text| t.acts_end_draft(text.split_whitespace().collect::<Vec<_>>().join(" "))),
        (unsent > 0).then(|| t.acts_end_unsent(unsent)),
        (unread > 0).then(|| t.acts_end_unread(unread)),
    ];
    parts.into_iter().flatten().collect()
}
