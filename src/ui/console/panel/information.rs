//! 고객정보 and 상담정보 (A53–A55): noted by the agent, kept while unsaved, saved by 저장.

use super::{
    super::{
        line::Line,
        words::{state, state_class},
    },
    beside::Beside,
    category::CategoryPicker,
    customer::CustomerFacts,
    kept::{self, Kept},
    tags::TagChoice,
};
use crate::{
    api::{
        panel::{keep_unsaved, save_information},
        settings::Versioned,
    },
    domain::{
        chat::{Rated, Rating},
        ids::ChatId,
        information::{Information, Unsaved},
    },
    i18n::Texts,
    ui::{
        kit::{
            Area, Bound, Button, ButtonKind, Field, Icon, texts,
            time::{DayLabel, Time},
        },
        live::handle::{Local, Timer, after},
        settings::{
            editing::Work,
            stale::{Draft, StaleBanner},
        },
    },
};
use leptos::{ev, prelude::*, task::spawn_local};
use std::cell::RefCell;

/// Milliseconds after the last key until what is typed is kept on the server.
const KEEP_AFTER: u32 = 800;

/// The form, what is only shown, and between it and its save what else stands beside the chat.
#[component]
pub fn Notes(beside: Beside, children: Children) -> impl IntoView {
    let t = texts();
    let chat = beside.chat;
    let place = place(beside.line, chat);
    let form = begin(beside, &place);
    let work = Work::new();
    // What others save comes in while nothing is typed here.
    let noted = beside.part(|panel| panel.noted.clone());
    Effect::new(move |_| {
        if let Some(noted) = noted.get() {
            form.hear(noted);
        }
    });
    let keep = keep_on_server(beside, &place, form);
    let from = given(beside, form);
    let may = beside.part(|panel| panel.may_note);
    let may = move || may.get() == Some(true);
    let saved = t.panel_saved();
    let save = Callback::new(move |()| {
        let saved = saved.clone();
        form.save(work, move |over, value| save_information(chat, over, value), saved);
    });
    let dirty = form.dirty();
    let value = form.value;
    let part = move |get: fn(&Information) -> &String, set: fn(&mut Information) -> &mut String| {
        Bound::part(value, move |one| get(one).clone(), move |one, text| set(one).clone_from(&text))
    };
    let category = Bound::part(value, |one| one.category, |one, category| one.category = category);
    let tags = Bound::part(value, |one| one.tags.clone(), |one, tags| one.tags = tags);
    let offers = beside.part(|panel| panel.tags.clone());
    let tags_problem = {
        let problem = work.problem("tags");
        let words = t.panel_tags_changed();
        Signal::derive(move || problem.read().as_ref().map(|_| words.clone()))
    };
    let category_problem = {
        let problem = work.problem("category");
        let words = t.panel_category_changed();
        Signal::derive(move || problem.read().as_ref().map(|_| words.clone()))
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        save.run(());
    };
    let (unsaved, revert, save_label) = (t.settings_unsaved(), t.settings_revert(), t.settings_save());
    let (notes_label, customer_label, chat_label, tags_label) =
        (t.panel_notes(), t.console_customer_info(), t.panel_chat_info(), t.panel_tags());
    let given = {
        let t = t.clone();
        move || from.get().filter(|_| dirty.get()).map(|name| view! { <p class="notice small" role="status">{t.panel_from(name)}</p> })
    };
    view! {
        // Who goes elsewhere, to a dialog that gives the chat away as well, has it kept first.
        <form class="notes" novalidate on:submit=submit on:focusout=move |_| keep.run(()) aria-label=notes_label>
            <div class="notes-body">
                {given}
                <StaleBanner draft=form work differs on_save=save/>
                <section class="beside-part">
                    <fieldset class="form" disabled=move || !may()>
                        <legend class="visually-hidden">{customer_label}</legend>
                        <Field id="info-name" name="name" label=t.console_customer_name() autocomplete="off" value=part(|one| &one.name, |one| &mut one.name) problem=work.problem("name")/>
                        <Field id="info-email" name="email" label=t.console_customer_email() autocomplete="off" kind="email" value=part(|one| &one.email, |one| &mut one.email) problem=work.problem("email")/>
                        <Area id="info-memo" label=t.panel_memo() hint=t.panel_memo_hint() rows=3 value=part(|one| &one.memo, |one| &mut one.memo) problem=work.problem("memo")/>
                    </fieldset>
                    <CustomerFacts beside/>
                </section>
                <section class="beside-part" aria-labelledby="chat-info-title">
                    <h3 id="chat-info-title">{chat_label.clone()}</h3>
                    <fieldset class="form" disabled=move || !may()>
                        <legend class="visually-hidden">{chat_label}</legend>
                        <CategoryPicker beside id="info-category" value=category problem=category_problem/>
                        <TagChoice label=tags_label offers=Signal::derive(move || offers.get().unwrap_or_default()) value=tags problem=tags_problem/>
                    </fieldset>
                    <ChatFacts beside/>
                </section>
                {children()}
            </div>
            <footer class="notes-foot" hidden=move || !may()>
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
                <Button kind=ButtonKind::Main submit=true busy=work.busy disabled=Signal::derive(move || !dirty.get())>
                    {save_label}
                </Button>
            </footer>
        </form>
    }
    .into_any()
}

/// Where this browser keeps what is typed beside a chat.
pub fn place(line: Line, chat: ChatId) -> String {
    format!("notes-{}", line.draft_place(chat))
}

/// What is typed beside a chat and not saved: in this browser, else in another one.
pub fn typed(place: &str, there: Option<Unsaved>) -> Option<Unsaved> {
    kept::find::<Information>(place).map(|Kept { over, base, value }| Unsaved { over, base, value }).or(there)
}

/// From which colleague the unsaved input has come with the chat (E7), by name. It may come
/// while the chat is in front already; what is typed here stays.
fn given(beside: Beside, form: Draft<Information>) -> Memo<Option<String>> {
    let come = beside.part(|panel| panel.unsaved.clone().zip(panel.unsaved_from));
    let dirty = form.dirty();
    Effect::new(move |_| {
        if let Some((Unsaved { over, base, value }, _)) = come.get().flatten()
            && !dirty.get_untracked()
        {
            form.resume(over, base, value);
        }
    });
    Memo::new(move |_| come.get().flatten().map(|(_, from)| beside.name_of(from)))
}

/// The form with what was left in it.
fn begin(beside: Beside, place: &str) -> Draft<Information> {
    let noted = beside.read(|panel| panel.noted.clone());
    let noted = noted.unwrap_or_else(|| Versioned { version: 0, value: Information::default(), changed: None });
    let there = beside.read(|panel| panel.unsaved.clone()).flatten();
    let was_here = kept::find::<Information>(place).is_some();
    match typed(place, there.clone()) {
        Some(Unsaved { over, base, value }) if value != noted.value => Draft::resumed(noted, over, base, value),
        // Somebody has saved the very same meanwhile: nothing is left to be kept.
        _ => {
            if was_here {
                kept::forget(place);
            }
            if there.is_some() {
                let chat = beside.chat;
                spawn_local(async move { drop(keep_unsaved(chat, None).await) });
            }
            Draft::new(noted)
        }
    }
}

/// Keeps what is typed in this browser at once, and on the server when the typing rests or
/// the chat is left; at once when what it answers is called.
fn keep_on_server(beside: Beside, place: &str, form: Draft<Information>) -> Callback<()> {
    let chat = beside.chat;
    let waiting = Local::new(|| RefCell::new(None::<Timer>));
    let owed = StoredValue::new(None::<Option<Unsaved>>);
    let pay = move || {
        if let Some(Some(unsaved)) = owed.try_update_value(Option::take) {
            spawn_local(async move {
                // It stays in this browser whatever comes of it.
                drop(keep_unsaved(chat, unsaved).await);
            });
        }
    };
    kept::follow(place.to_owned(), form, move |kept| {
        let unsaved = kept.map(|Kept { over, base, value }| Unsaved { over, base, value });
        owed.set_value(Some(unsaved));
        if let Some(waiting) = waiting.get() {
            *waiting.borrow_mut() = Some(after(KEEP_AFTER, pay));
        }
    });
    on_cleanup(pay);
    Callback::new(move |()| pay())
}

/// What differs, with the newer words.
pub fn differs(t: &Texts, one: &Information, other: &Information) -> Vec<String> {
    let told = |name: String, text: &str| if text.is_empty() { t.panel_now_empty(name) } else { format!("{name}: {text}") };
    [
        (one.name != other.name).then(|| told(t.console_customer_name(), &other.name)),
        (one.email != other.email).then(|| told(t.console_customer_email(), &other.email)),
        (one.memo != other.memo).then(|| told(t.panel_memo(), &other.memo)),
        (one.category != other.category).then(|| t.panel_category()),
        (one.tags != other.tags).then(|| t.panel_tags()),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Where the chat came from and how it stands (A54).
#[component]
fn ChatFacts(beside: Beside) -> impl IntoView {
    let t = texts();
    let (line, chat) = (beside.line, beside.chat);
    let row = Memo::new(move |_| line.store.row(chat));
    move || {
        let t = t.clone();
        row.get().map(|row| {
            let card = &row.card;
            let queue = line.store.queue_name(card.chat.queue).map(|q| q.get(t.language).to_owned());
            let page = card.page.clone();
            let link = page.url.starts_with("http://") || page.url.starts_with("https://");
            let words = if page.title.is_empty() { page.url.clone() } else { page.title.clone() };
            let page = (!words.is_empty()).then(|| {
                if link {
                    view! {
                        " · "
                        <a href=page.url.clone() title=page.url target="_blank" rel="noopener noreferrer nofollow ugc">
                            {words}
                        </a>
                    }
                    .into_any()
                } else {
                    view! { " · " {words} }.into_any()
                }
            });
            view! {
                <dl class="facts">
                    <dt>{t.panel_channel()}</dt>
                    <dd>{t.panel_channel_chat()} {page}</dd>
                    {queue
                        .map(|queue| {
                            view! {
                                <dt>{t.console_info_queue()}</dt>
                                <dd>{queue}</dd>
                            }
                        })}
                    <dt>{t.console_info_state()}</dt>
                    <dd>
                        <span class=state_class(&row)>{state(&t, &row)}</span>
                    </dd>
                    <dt>{t.console_info_intake()}</dt>
                    <dd>
                        <DayLabel at=card.chat.intake_at/>
                        " "
                        <Time at=card.chat.intake_at/>
                    </dd>
                    {rating(&t, card.chat.rated.as_ref())}
                    {(!card.device.is_empty())
                        .then(|| {
                            view! {
                                <dt>{t.console_info_device()}</dt>
                                <dd>
                                    <Icon name="device"/>
                                    " "
                                    {card.device.clone()}
                                </dd>
                            }
                        })}
                </dl>
            }
        })
    }
}

/// 평가 (G19), once there is one.
fn rating(t: &Texts, rated: Option<&Rated>) -> impl IntoView + use<> {
    rated.cloned().map(|Rated { rating, words, at }| {
        let (class, word) = match rating {
            Rating::Good => ("chip active", t.rating_good()),
            Rating::Bad => ("chip trouble", t.rating_bad()),
        };
        let words = (!words.is_empty()).then(|| view! { <p class="rating-words">{words}</p> });
        view! {
            <dt>{t.rating_title()}</dt>
            <dd>
                <span class=class>{word}</span>
                " "
                <Time at/>
                {words}
            </dd>
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::service::Language;

    #[test]
    fn a_second_save_is_told_what_is_other_now() {
        let one = Information { name: "민수".into(), memo: "옛 메모".into(), ..Information::default() };
        let other = Information { name: "김민수".into(), ..Information::default() };
        assert_eq!(differs(&Texts::of(Language::Ko), &one, &other), ["이름: 김민수", "메모: 비었습니다"]);
    }
}
