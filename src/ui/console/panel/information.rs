//! 고객정보 and 상담정보 (A53–A55): noted by the agent, kept while unsaved, saved by 저장.

use super::{
    super::words::{state, state_class},
    beside::Beside,
    category::CategoryPicker,
    customer::CustomerFacts,
    kept::{self, Kept},
};
use crate::{
    api::{
        panel::{keep_unsaved, save_information},
        settings::Versioned,
    },
    domain::{
        chat::{Rated, Rating},
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
    let place = format!("notes-{}", beside.line.draft_place(chat));
    let form = begin(beside, &place);
    let work = Work::new();
    // What others save comes in while nothing is typed here.
    let noted = beside.part(|panel| panel.noted.clone());
    Effect::new(move |_| {
        if let Some(noted) = noted.get() {
            form.hear(noted);
        }
    });
    keep_on_server(beside, &place, form);
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
    view! {
        <form class="notes" novalidate on:submit=submit aria-label=t.panel_notes()>
            <div class="notes-body">
                <StaleBanner draft=form work differs on_save=save/>
                <section class="beside-part">
                    <fieldset class="form" disabled=move || !may()>
                        <legend class="visually-hidden">{t.console_customer_info()}</legend>
                        <Field id="info-name" name="name" label=t.console_customer_name() autocomplete="off" value=part(|one| &one.name, |one| &mut one.name) problem=work.problem("name")/>
                        <Field id="info-email" name="email" label=t.console_customer_email() autocomplete="off" kind="email" value=part(|one| &one.email, |one| &mut one.email) problem=work.problem("email")/>
                        <Area id="info-memo" label=t.panel_memo() hint=t.panel_memo_hint() rows=3 value=part(|one| &one.memo, |one| &mut one.memo) problem=work.problem("memo")/>
                    </fieldset>
                    <CustomerFacts beside/>
                </section>
                <section class="beside-part" aria-labelledby="chat-info-title">
                    <h3 id="chat-info-title">{t.panel_chat_info()}</h3>
                    <fieldset class="form" disabled=move || !may()>
                        <legend class="visually-hidden">{t.panel_chat_info()}</legend>
                        <CategoryPicker beside value=category problem=category_problem/>
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

/// The form with what was left in it: in this browser, else in another one.
fn begin(beside: Beside, place: &str) -> Draft<Information> {
    let noted = beside.read(|panel| panel.noted.clone());
    let noted = noted.unwrap_or_else(|| Versioned { version: 0, value: Information::default(), changed: None });
    let here = kept::find::<Information>(place).map(|Kept { over, base, value }| Unsaved { over, base, value });
    let (was_here, there) = (here.is_some(), beside.read(|panel| panel.unsaved.clone()).flatten());
    match here.or_else(|| there.clone()) {
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
/// the chat is left.
fn keep_on_server(beside: Beside, place: &str, form: Draft<Information>) {
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
}

/// What differs, with the newer words.
fn differs(t: &Texts, one: &Information, other: &Information) -> Vec<String> {
    let told = |name: String, text: &str| if text.is_empty() { t.panel_now_empty(name) } else { format!("{name}: {text}") };
    [
        (one.name != other.name).then(|| told(t.console_customer_name(), &other.name)),
        (one.email != other.email).then(|| told(t.console_customer_email(), &other.email)),
        (one.memo != other.memo).then(|| told(t.panel_memo(), &other.memo)),
        (one.category != other.category).then(|| t.panel_category()),
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
