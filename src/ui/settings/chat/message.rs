//! One of the texts that customers read, in both languages.

use super::super::editing::Work;
use crate::{
    domain::{
        service::{Language, Localized},
        settings::{CONSENT_MAX, ChatTexts, RETENTION, TEXT_MAX},
    },
    i18n::Texts,
    ui::kit::{Area, Bound, Button, ButtonKind, texts},
};
use leptos::prelude::*;

/// A text of [`ChatTexts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Message {
    Consent,
    Greeting,
    Satisfaction,
    Absent,
    Closed,
    Ended,
}

impl Message {
    pub const ALL: [Self; 6] = [Self::Consent, Self::Greeting, Self::Satisfaction, Self::Absent, Self::Closed, Self::Ended];

    /// Its name in the form, which the server complains by.
    pub fn field(self) -> &'static str {
        match self {
            Self::Consent => "consent",
            Self::Greeting => "greeting",
            Self::Satisfaction => "satisfaction",
            Self::Absent => "absent",
            Self::Closed => "closed",
            Self::Ended => "ended",
        }
    }

    pub fn of(self, texts: &ChatTexts) -> &Localized {
        match self {
            Self::Consent => &texts.consent,
            Self::Greeting => &texts.greeting,
            Self::Satisfaction => &texts.satisfaction,
            Self::Absent => &texts.absent,
            Self::Closed => &texts.closed,
            Self::Ended => &texts.ended,
        }
    }

    fn of_mut(self, texts: &mut ChatTexts) -> &mut Localized {
        match self {
            Self::Consent => &mut texts.consent,
            Self::Greeting => &mut texts.greeting,
            Self::Satisfaction => &mut texts.satisfaction,
            Self::Absent => &mut texts.absent,
            Self::Closed => &mut texts.closed,
            Self::Ended => &mut texts.ended,
        }
    }

    pub fn name(self, t: &Texts) -> String {
        match self {
            Self::Consent => t.chat_consent(),
            Self::Greeting => t.chat_greeting(),
            Self::Satisfaction => t.chat_satisfaction(),
            Self::Absent => t.chat_absent(),
            Self::Closed => t.chat_closed(),
            Self::Ended => t.chat_ended(),
        }
    }

    fn hint(self, t: &Texts) -> String {
        match self {
            Self::Consent => t.chat_consent_hint(RETENTION),
            Self::Greeting => t.chat_greeting_hint(),
            Self::Satisfaction => t.chat_satisfaction_hint(),
            Self::Absent => t.chat_absent_hint(),
            Self::Closed => t.chat_closed_hint(),
            Self::Ended => t.chat_ended_hint(),
        }
    }

    fn max(self) -> usize {
        if self == Self::Consent { CONSENT_MAX } else { TEXT_MAX }
    }

    fn rows(self) -> u32 {
        if self == Self::Consent { 9 } else { 3 }
    }
}

/// The fields of a message: Korean beside English.
#[component]
pub fn MessageFields(
    message: Message,
    draft: RwSignal<ChatTexts>,
    /// What a service begins with.
    default: Localized,
    work: Work,
    /// It gets the focus, so that the preview can follow.
    on_focus: Callback<()>,
) -> impl IntoView {
    let t = texts();
    let fields = Language::ALL
        .map(|language| {
            let name = message.name(&t);
            let label = match language {
                Language::Ko => t.chat_in_ko(name),
                Language::En => t.chat_in_en(name),
            };
            let field = format!("{}.{}", message.field(), language.code());
            let value = Bound::part(
                draft,
                move |texts| message.of(texts).own(language).to_owned(),
                move |texts, text| match language {
                    Language::Ko => message.of_mut(texts).ko = text,
                    Language::En => message.of_mut(texts).en = text,
                },
            );
            view! {
                <div class="counted">
                    <Area
                        id=format!("{}-{}", message.field(), language.code())
                        label=label
                        value=value
                        rows=message.rows()
                        lang=language.code()
                        problem=work.problem(field)
                    />
                    <Count text=value.get max=message.max()/>
                </div>
            }
        })
        .collect_view();
    let is_default = {
        let default = default.clone();
        Memo::new(move |_| draft.with(|texts| *message.of(texts) == default))
    };
    let (filled, word, label) = (t.chat_default_filled(), t.chat_defaults(), t.chat_default_of(message.name(&t)));
    let use_default = Callback::new(move |()| {
        draft.update(|texts| message.of_mut(texts).clone_from(&default));
        work.say(filled.clone());
    });
    view! {
        <div class="message" on:focusin=move |_| on_focus.run(())>
            <div class="message-head">
                <h3>{message.name(&t)}</h3>
                <span hidden=is_default>
                    <Button kind=ButtonKind::Ghost on_press={use_default} {..} aria-label=label>
                        {word}
                    </Button>
                </span>
            </div>
            <p class="hint">{message.hint(&t)}</p>
            <div class="pair">{fields}</div>
        </div>
    }
    .into_any()
}

/// How long a text is, once that matters.
#[component]
fn Count(text: Signal<String>, max: usize) -> impl IntoView {
    let t = texts();
    let count = Memo::new(move |_| length(&text.read()));
    let over = move || count.get() > max;
    view! {
        <p class="hint count" class:problem=over hidden=move || !is_near(count.get(), max) aria-live="polite">
            {move || is_near(count.get(), max).then(|| t.chat_count(count.get(), max))}
        </p>
    }
    .into_any()
}

/// Characters as the server counts them.
fn length(text: &str) -> usize {
    text.trim().chars().count()
}

/// From nine tenths on.
fn is_near(count: usize, max: usize) -> bool {
    count * 10 >= max * 9
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_counted_near_the_limit_only() {
        assert_eq!(length(" 가나다 \n"), 3);
        assert!(!is_near(899, 1_000) && is_near(900, 1_000) && is_near(1_001, 1_000));
    }
}
