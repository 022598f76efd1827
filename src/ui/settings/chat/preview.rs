//! The customer's window as the draft makes it: a drawing of it, no working part.

use super::{
    choices::{Choice, Choices},
    consent::Asked,
    message::Message,
};
use crate::{
    domain::{
        service::{Language, Localized},
        settings::{Ask, ChatTexts, with_retention},
    },
    i18n::Texts,
    ui::kit::{self, Icon, TabList, TabName, panel_id, tab_id},
};
use leptos::prelude::*;

/// What the customer meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scene {
    Open,
    Absent,
    Closed,
    Ended,
}

impl Scene {
    const ALL: [Self; 4] = [Self::Open, Self::Absent, Self::Closed, Self::Ended];

    /// Where `message` can be seen.
    pub fn of(message: Message) -> Self {
        match message {
            Message::Consent | Message::Greeting => Self::Open,
            Message::Absent => Self::Absent,
            Message::Closed => Self::Closed,
            Message::Ended | Message::Satisfaction => Self::Ended,
        }
    }

    fn key(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Absent => "absent",
            Self::Closed => "closed",
            Self::Ended => "ended",
        }
    }

    fn label(self, t: &Texts) -> String {
        match self {
            Self::Open => t.chat_preview_open(),
            Self::Absent => t.chat_preview_absent(),
            Self::Closed => t.chat_preview_closed(),
            Self::Ended => t.chat_preview_ended(),
        }
    }
}

/// The preview with what chooses its scene, its language and its theme.
#[component]
pub fn Preview(texts: Signal<ChatTexts>, service: Localized, scene: RwSignal<Scene>) -> impl IntoView {
    const ID: &str = "chat-preview";
    let t = kit::texts();
    let language = RwSignal::new(t.language);
    let dark = RwSignal::new(false);
    let tabs =
        Scene::ALL.into_iter().map(|scene| TabName { value: scene, key: scene.key(), label: Signal::stored(scene.label(&t)) }).collect();
    let languages = vec![Choice::new(Language::Ko, t.common_language_ko()), Choice::new(Language::En, t.common_language_en())];
    let themes = vec![Choice::new(false, t.chat_preview_light()), Choice::new(true, t.chat_preview_dark())];
    let name = {
        let t = t.clone();
        move || {
            let language = if language.get() == Language::Ko { t.common_language_ko() } else { t.common_language_en() };
            let theme = if dark.get() { t.chat_preview_dark() } else { t.chat_preview_light() };
            t.chat_preview_name(language, theme, scene.get().label(&t))
        }
    };
    view! {
        <aside class="beside-view" aria-labelledby="chat-preview-title">
            <h2 id="chat-preview-title">{t.chat_preview()}</h2>
            <div class="preview-bar">
                <Choices name="preview-language" label=t.chat_preview_language() bare=true choices=languages value=language/>
                <Choices name="preview-theme" label=t.chat_preview_theme() bare=true choices=themes value=dark/>
            </div>
            <TabList id=ID label=t.chat_preview_when() tabs selected=scene on_select=Callback::new(move |to| scene.set(to))/>
            <div class="preview-place" id=panel_id(ID) role="tabpanel" tabindex="0" aria-labelledby=move || tab_id(ID, scene.get().key())>
                <div
                    class="shown"
                    role="img"
                    aria-label=name
                    lang=move || language.get().code()
                    data-theme=move || if dark.get() { "dark" } else { "light" }
                >
                    {move || view! { <Window texts=texts.get() service=service.get(language.get()).to_owned() scene=scene.get() language=language.get()/> }}
                </div>
            </div>
        </aside>
    }
    .into_any()
}

#[component]
fn Window(texts: ChatTexts, service: String, scene: Scene, language: Language) -> impl IntoView {
    let words = Words { t: kit::texts(), language };
    let state = match scene {
        Scene::Open => words.pick(Texts::chat_sample_open_ko, Texts::chat_sample_open_en),
        Scene::Absent => words.pick(Texts::chat_sample_absent_ko, Texts::chat_sample_absent_en),
        Scene::Closed => words.pick(Texts::chat_sample_closed_ko, Texts::chat_sample_closed_en),
        Scene::Ended => words.pick(Texts::chat_sample_ended_ko, Texts::chat_sample_ended_en),
    };
    let rate = (texts.rating && matches!(scene, Scene::Open | Scene::Ended))
        .then(|| view! { <p class="shown-acts"><span>{words.pick(Texts::chat_sample_rate_ko, Texts::chat_sample_rate_en)}</span></p> });
    let body = match scene {
        Scene::Open => opening(&words, &texts).into_any(),
        Scene::Absent => way_out(&words, &said(&texts.absent, language)).into_any(),
        Scene::Closed => way_out(&words, &said(&texts.closed, language)).into_any(),
        Scene::Ended => ending(&words, &texts).into_any(),
    };
    view! {
        <div class="shown-head">
            <b>{service}</b>
            <Icon name="x" size=20/>
            <p>{state}</p>
            {rate}
        </div>
        {body}
    }
    .into_any()
}

/// Consent, then the greeting.
fn opening(words: &Words, texts: &ChatTexts) -> impl IntoView + use<> {
    let consent = with_retention(&said(&texts.consent, words.language), &words.t.kept_for(texts.retention_days, words.language));
    let asked = Asked::ALL
        .into_iter()
        .filter(|asked| asked.of(texts) != Ask::Off)
        .map(|asked| {
            let optional = words.pick(Texts::chat_sample_optional_ko, Texts::chat_sample_optional_en);
            let mark = if asked.of(texts) == Ask::Optional { format!(" ({optional})") } else { " *".to_owned() };
            view! {
                <p class="shown-label">{words.asked(asked)} {mark}</p>
                <p class="shown-input"></p>
            }
        })
        .collect_view();
    view! {
        <div class="shown-log">
            <div class="shown-card">
                <b>{words.pick(Texts::chat_sample_consent_ko, Texts::chat_sample_consent_en)}</b>
                <p class="shown-text small">{consent}</p>
                {asked}
                <p class="shown-button">{words.pick(Texts::chat_sample_agree_ko, Texts::chat_sample_agree_en)}</p>
            </div>
            <p class="shown-day">{words.pick(Texts::chat_sample_started_ko, Texts::chat_sample_started_en)}</p>
            <p class="shown-bubble">{said(&texts.greeting, words.language)}</p>
        </div>
        <div class="shown-composer">
            <p>{words.pick(Texts::chat_sample_message_ko, Texts::chat_sample_message_en)}</p>
            <p class="shown-button">{words.pick(Texts::chat_sample_send_ko, Texts::chat_sample_send_en)}</p>
        </div>
    }
}

/// Nobody to chat with: the text, and where to write instead.
fn way_out(words: &Words, text: &str) -> impl IntoView + use<> {
    view! {
        <div class="shown-log shown-alone">
            <p class="shown-text">{text.to_owned()}</p>
            <p class="shown-button">{words.pick(Texts::chat_sample_contact_ko, Texts::chat_sample_contact_en)}</p>
        </div>
    }
}

fn ending(words: &Words, texts: &ChatTexts) -> impl IntoView + use<> {
    let rating = texts.rating.then(|| {
        view! {
            <p class="shown-bubble">{said(&texts.satisfaction, words.language)}</p>
            <p class="shown-pair">
                <span class="shown-button">{words.pick(Texts::chat_sample_good_ko, Texts::chat_sample_good_en)}</span>
                <span class="shown-button plain">{words.pick(Texts::chat_sample_bad_ko, Texts::chat_sample_bad_en)}</span>
            </p>
        }
    });
    view! {
        <div class="shown-log">
            <p class="shown-bubble">{said(&texts.ended, words.language)}</p>
            {rating}
        </div>
    }
}

/// The customer's words: their language is not the admin's.
struct Words {
    t: Texts,
    language: Language,
}

impl Words {
    fn pick(&self, ko: fn(&Texts) -> String, en: fn(&Texts) -> String) -> String {
        match self.language {
            Language::Ko => ko(&self.t),
            Language::En => en(&self.t),
        }
    }

    fn asked(&self, asked: Asked) -> String {
        match asked {
            Asked::Name => self.pick(Texts::chat_sample_name_ko, Texts::chat_sample_name_en),
            Asked::Email => self.pick(Texts::chat_sample_email_ko, Texts::chat_sample_email_en),
            Asked::Phone => self.pick(Texts::chat_sample_phone_ko, Texts::chat_sample_phone_en),
        }
    }
}

/// What a customer of `language` gets: the other language's words where there are none.
fn said(text: &Localized, language: Language) -> String {
    let clean = Localized { ko: text.ko.trim().to_owned(), en: text.en.trim().to_owned() };
    clean.get(language).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_are_no_words() {
        let text = Localized { ko: "안녕하세요".into(), en: " \n".into() };
        assert_eq!(said(&text, Language::En), "안녕하세요");
    }
}
