//! How the widget's button looks: side, colour, words; and a drawing of it.

use super::{
    super::editing::Work,
    choices::{Choice, Choices},
};
use crate::{
    domain::{
        color::{Color, Ink},
        service::Language,
        settings::{Appearance, LAUNCHER_MAX, Side},
    },
    i18n::Texts,
    ui::kit::{Bound, Field, Icon, texts},
};
use leptos::{html, prelude::*, web_sys};

#[component]
pub fn LookFields(draft: RwSignal<Appearance>, work: Work) -> impl IntoView {
    let t = texts();
    let side = Bound::part(draft, |look| look.side, |look, side| look.side = side);
    let sides = vec![Choice::new(Side::Left, t.chat_side_left()), Choice::new(Side::Right, t.chat_side_right())];
    let color = Bound::part(draft, |look| look.color.clone(), |look, color| look.color = color);
    let launcher = Language::ALL
        .map(|language| {
            let label = match language {
                Language::Ko => t.chat_in_ko(t.chat_launcher()),
                Language::En => t.chat_in_en(t.chat_launcher()),
            };
            let value = Bound::part(
                draft,
                move |look| look.launcher.own(language).to_owned(),
                move |look, text| match language {
                    Language::Ko => look.launcher.ko = text,
                    Language::En => look.launcher.en = text,
                },
            );
            let (id, problem) = (format!("launcher-{}", language.code()), work.problem(format!("launcher.{}", language.code())));
            view! { <Field id name="launcher" label value hint=t.chat_launcher_hint(LAUNCHER_MAX) problem/> }
        })
        .collect_view();
    // The picker knows complete colours only.
    let picked = Memo::new(move |_| shown_color(&color.get.read()));
    let contrast = move || {
        let t = texts();
        let color = Color::parse(color.get.read().trim())?;
        Some(t.chat_color_contrast(ratio(color, Ink::Black), ratio(color, Ink::White)))
    };
    view! {
        <Choices name="side" label=t.chat_side() choices=sides value=side/>
        <div class="color">
            <div class="field">
                <label for="color-picker">{t.chat_color()}</label>
                <input
                    id="color-picker"
                    class="input swatch"
                    type="color"
                    value=picked.get_untracked()
                    prop:value=picked
                    on:input=move |event| color.set.run(event_target_value(&event))
                />
            </div>
            <Field id="color" name="color" label=t.chat_color_value() value=color problem=work.problem("color")/>
            <p class="hint color-told" aria-live="polite">
                {t.chat_color_ink()} <br/> {contrast}
            </p>
        </div>
        <div class="pair">{launcher}</div>
    }
    .into_any()
}

/// The button on a page, in each language.
#[component]
pub fn LookPreview(look: Signal<Appearance>) -> impl IntoView {
    Language::ALL.map(|language| view! { <Drawing look language/> }).collect_view().into_any()
}

#[component]
fn Drawing(look: Signal<Appearance>, language: Language) -> impl IntoView {
    let t = texts();
    let node = NodeRef::<html::Div>::new();
    // The policy forbids style attributes.
    Effect::new(move |_| {
        let Some(button) = node.get() else { return };
        let color = shown_color(&look.read().color);
        let style = web_sys::HtmlElement::style(&button);
        // Refused only where the name of a property is wrong.
        drop(style.set_property("background-color", &color));
        drop(style.set_property("color", Color::parse(&color).unwrap_or_default().ink().hex()));
    });
    let text = Memo::new(move |_| look.with(|look| look.launcher.get(language).trim().to_owned()));
    let spoken = match language {
        Language::Ko => t.common_language_ko(),
        Language::En => t.common_language_en(),
    };
    view! {
        <figure class="site">
            <div class="site-page" role="img" aria-label=t.chat_look_preview(&spoken) lang=language.code()>
                <i></i>
                <i></i>
                <i></i>
                <div node_ref=node class="site-launcher" class:left=move || look.read().side == Side::Left>
                    <Icon name="chat" size=26/>
                    {move || (!text.read().is_empty()).then(|| view! { <span>{text.get()}</span> })}
                </div>
            </div>
            <figcaption class="hint">{spoken.clone()}</figcaption>
        </figure>
    }
    .into_any()
}

/// A colour as it will be stored, or black while it is half written.
fn shown_color(written: &str) -> String {
    let clean = written.trim().to_lowercase();
    if Color::parse(&clean).is_some() { clean } else { "#000000".to_owned() }
}

/// Never more than there is: 4.49 is not 4.5.
fn ratio(color: Color, ink: Ink) -> String {
    format!("{:.1}", (color.contrast(ink) * 10.0).floor() / 10.0)
}

/// The names of what differs.
pub fn differs(t: &Texts, one: &Appearance, other: &Appearance) -> Vec<String> {
    let parts = [
        (one.side != other.side, t.chat_side()),
        (one.color != other.color, t.chat_color()),
        (one.launcher != other.launcher, t.chat_launcher()),
    ];
    parts.into_iter().filter_map(|(differs, name)| differs.then_some(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_written_colours_are_not_shown() {
        assert_eq!(shown_color(" #AABBCC"), "#aabbcc");
        assert_eq!(shown_color("#aab"), "#000000");
    }

    #[test]
    fn a_ratio_is_never_rounded_up() {
        let color = |text| Color::parse(text).unwrap();
        assert_eq!(ratio(color("#767676"), Ink::White), "4.5");
        assert_eq!(ratio(color("#777777"), Ink::White), "4.4");
        assert_eq!(ratio(color("#000000"), Ink::White), "21.0");
    }

    #[test]
    fn differences_are_named() {
        let other = Appearance { side: Side::Left, color: "#000000".into(), ..Appearance::default() };
        assert_eq!(differs(&Texts::of(Language::En), &Appearance::default(), &other), ["Side", "Colour"]);
    }
}
