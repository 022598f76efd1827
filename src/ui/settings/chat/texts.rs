//! 기본 설정 (A15, A16, A25, A27): what customers read, beside a preview that follows.

use super::{
    super::{
        SettingsPage,
        editing::{SaveBar, Work},
        focus::focus_problem,
        stale::{Draft, StaleBanner},
    },
    choices::{Choice, Choices},
    consent::{AskFields, Asked},
    message::{Message, MessageFields},
    number::NumberField,
    preview::{Preview, Scene},
};
use crate::{
    api::settings::{ChatPage, load_chat_texts, save_chat_texts},
    domain::settings::{ChatTexts, Naming, RETENTION},
    i18n::Texts,
    ui::{
        kit::{Bound, Switch, texts},
        load::load,
    },
};
use leptos::prelude::*;

/// `/settings/chat`
#[component]
pub fn ChatTextsPage() -> impl IntoView {
    let t = texts();
    view! {
        <SettingsPage group=t.chat_group() title=t.chat_texts() lead=t.chat_texts_lead() wide=true>
            {load(load_chat_texts, |page, _| view! { <Form page/> }.into_any())}
        </SettingsPage>
    }
    .into_any()
}

#[component]
fn Form(page: ChatPage) -> impl IntoView {
    let ChatPage { texts: page, defaults, service } = page;
    let t = texts();
    let draft = Draft::new(page);
    let work = Work::new();
    focus_problem(work);
    let scene = RwSignal::new(Scene::Open);
    let done = t.chat_saved();
    let save = Callback::new(move |()| draft.save(work, save_chat_texts, done.clone()));
    let fields = move |message: Message| {
        let on_focus = Callback::new(move |()| scene.set(Scene::of(message)));
        let default = message.of(&defaults).clone();
        view! { <MessageFields message draft=draft.value default work on_focus/> }
    };
    let rating = Bound::part(draft.value, |texts| texts.rating, |texts, on| texts.rating = on);
    let naming = Bound::part(draft.value, |texts| texts.naming, |texts, naming| texts.naming = naming);
    let namings = vec![
        Choice::new(Naming::Service, t.chat_naming_service()).with(t.chat_naming_service_text()),
        Choice::new(Naming::Nickname, t.chat_naming_nickname()).with(t.chat_naming_nickname_text()),
    ];
    // What is no number is none: 0, which the server refuses.
    let retention = Bound::part(
        draft.value,
        |texts| if texts.retention_days == 0 { String::new() } else { texts.retention_days.to_string() },
        |texts, typed: String| texts.retention_days = typed.trim().parse().unwrap_or(0),
    );
    view! {
        <StaleBanner draft work differs on_save=save/>
        <div class="beside">
            <div class="beside-form">
                <section class="card" aria-labelledby="chat-before">
                    <h2 id="chat-before">{t.chat_before()}</h2>
                    <p class="muted small">{t.chat_before_text()}</p>
                    {fields(Message::Consent)}
                    <NumberField
                        id="retention_days"
                        label=t.chat_retention()
                        text=t.chat_retention_text(RETENTION)
                        unit=t.chat_unit_days()
                        range=1..=3_650
                        value=retention
                        problem=work.problem("retention_days")
                    />
                    <div class="message">
                        <h3>{t.chat_asks()}</h3>
                        <p class="hint">{t.chat_asks_text()}</p>
                        <AskFields draft=draft.value/>
                    </div>
                </section>
                <section class="card" aria-labelledby="chat-messages">
                    <h2 id="chat-messages">{t.chat_messages()}</h2>
                    <p class="muted small">{t.chat_messages_text()}</p>
                    {fields(Message::Greeting)} {fields(Message::Absent)} {fields(Message::Closed)} {fields(Message::Ended)}
                    {fields(Message::Satisfaction)}
                    <div>
                        <Switch label=t.chat_rating() value=rating/>
                        <p class="hint">{t.chat_rating_hint()}</p>
                    </div>
                </section>
                <section class="card" aria-labelledby="chat-naming">
                    <h2 id="chat-naming">{t.chat_naming()}</h2>
                    <p class="muted small">{t.chat_naming_text()}</p>
                    <Choices name="naming" label=t.chat_naming() bare=true choices=namings value=naming/>
                </section>
            </div>
            <Preview texts=draft.value.into() service scene/>
        </div>
        <SaveBar dirty=draft.dirty() work on_save=save on_revert=Callback::new(move |()| draft.revert())/>
    }
    .into_any()
}

/// The names of what differs.
fn differs(t: &Texts, one: &ChatTexts, other: &ChatTexts) -> Vec<String> {
    let messages = Message::ALL.into_iter().filter(|m| m.of(one) != m.of(other)).map(|m| m.name(t));
    let rating = (one.rating != other.rating).then(|| t.chat_rating());
    let retention = (one.retention_days != other.retention_days).then(|| t.chat_retention());
    let asked = Asked::ALL.into_iter().filter(|a| a.of(one) != a.of(other)).map(|a| a.label(t));
    let naming = (one.naming != other.naming).then(|| t.chat_naming());
    messages.chain(retention).chain(rating).chain(naming).chain(asked).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        service::{Language, Localized},
        settings::Ask,
    };

    #[test]
    fn differences_are_named() {
        let some = Localized::default;
        let one = ChatTexts {
            greeting: some(),
            satisfaction: some(),
            absent: some(),
            closed: some(),
            ended: some(),
            consent: some(),
            retention_days: 365,
            rating: true,
            naming: Naming::Service,
            name: Ask::Off,
            email: Ask::Off,
            phone: Ask::Off,
        };
        let other = ChatTexts {
            greeting: Localized { ko: "안녕".into(), en: String::new() },
            rating: false,
            naming: Naming::Nickname,
            phone: Ask::Required,
            ..one.clone()
        };
        assert_eq!(differs(&Texts::of(Language::Ko), &one, &other), ["인사말", "만족도 평가 사용", "고객에게 보이는 이름", "전화번호"]);
        assert!(differs(&Texts::of(Language::Ko), &one, &one).is_empty());
    }
}
