//! What is asked before a chat: name, e-mail, telephone number.

use super::choices::{Choice, Choices};
use crate::{
    domain::settings::{Ask, ChatTexts},
    i18n::Texts,
    ui::kit::{Bound, texts},
};
use leptos::prelude::*;

/// Something that a customer may be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    Name,
    Email,
    Phone,
}

impl Asked {
    pub const ALL: [Self; 3] = [Self::Name, Self::Email, Self::Phone];

    pub fn of(self, texts: &ChatTexts) -> Ask {
        match self {
            Self::Name => texts.name,
            Self::Email => texts.email,
            Self::Phone => texts.phone,
        }
    }

    fn set(self, texts: &mut ChatTexts, ask: Ask) {
        match self {
            Self::Name => texts.name = ask,
            Self::Email => texts.email = ask,
            Self::Phone => texts.phone = ask,
        }
    }

    pub fn label(self, t: &Texts) -> String {
        match self {
            Self::Name => t.chat_ask_name(),
            Self::Email => t.chat_ask_email(),
            Self::Phone => t.chat_ask_phone(),
        }
    }

    fn field(self) -> &'static str {
        match self {
            Self::Name => "ask-name",
            Self::Email => "ask-email",
            Self::Phone => "ask-phone",
        }
    }
}

/// Off, optional or required, for each.
#[component]
pub fn AskFields(draft: RwSignal<ChatTexts>) -> impl IntoView {
    let t = texts();
    let choices = || {
        vec![
            Choice::new(Ask::Off, t.chat_ask_off()),
            Choice::new(Ask::Optional, t.chat_ask_optional()),
            Choice::new(Ask::Required, t.chat_ask_required()),
        ]
    };
    Asked::ALL
        .map(|asked| {
            let value = Bound::part(draft, move |texts| asked.of(texts), move |texts, ask| asked.set(texts, ask));
            view! { <Choices name=asked.field() label=asked.label(&t) choices=choices() value/> }
        })
        .collect_view()
        .into_any()
}
