//! 채팅화면 삽입 코드 (A18, G31): the code for the customer's site, where it may stand, and
//! how its button looks.

use super::{
    super::{
        SettingsPage,
        editing::{SaveBar, Work},
        focus::focus_problem,
        stale::{Draft, StaleBanner},
    },
    identity::IdentitySection,
    look::{LookFields, LookPreview, differs},
    origins::{OriginFields, Origins},
};
use crate::{
    api::{
        ApiError, FieldError,
        settings::{Saved, Versioned, WidgetPage, load_widget, save_appearance, save_widget},
    },
    domain::settings::{Appearance, Placement, Section as _, Wrong},
    i18n::Texts,
    ui::{
        kit::{Bound, Button, ButtonKind, Snippet, Switch, facts, texts},
        load::load,
    },
};
use leptos::prelude::*;

/// `/settings/widget`
#[component]
pub fn WidgetCodePage() -> impl IntoView {
    let t = texts();
    view! {
        <SettingsPage group=t.chat_group() title=t.chat_widget() lead=t.chat_widget_lead()>
            {load(load_widget, |page, _| view! { <Form page/> }.into_any())}
        </SettingsPage>
    }
    .into_any()
}

/// The page's two halves, each saved over its own version: where the widget stands, and how
/// it looks.
#[derive(Clone, Copy)]
struct Form {
    place: Draft<Placement>,
    look: Draft<Appearance>,
    origins: Origins,
    work: Work,
}

impl Form {
    fn new(place: Versioned<Placement>, look: Versioned<Appearance>) -> Self {
        let place = Draft::new(place);
        let origins = Origins::new(place.value);
        // What is stored may be taken instead of what is written.
        Effect::new(move |_| {
            place.value.track();
            origins.follow();
        });
        Self { place, look: Draft::new(look), origins, work: Work::new() }
    }

    fn revert(self) {
        self.work.error.set(None);
        self.look.revert();
        self.place.revert();
        self.origins.follow();
    }

    /// Saves what was changed of both halves.
    fn save(self, moved: Signal<bool>, repainted: Signal<bool>, done: String) {
        let (place, look) = (self.place.value.get_untracked(), self.look.value.get_untracked());
        // Complaints count all lines, also empty ones.
        let written = Placement { origins: untrack(|| self.origins.texts()), ..place.clone() };
        let moved = moved.get_untracked().then(|| (self.place.version(), written));
        let painted = repainted.get_untracked().then(|| (self.look.version(), look.clone()));
        self.work.run(
            async move {
                // Before anything is stored, so that nothing is stored by half.
                let painted = match painted {
                    Some((over, look)) => Some((over, look.checked().map_err(invalid)?)),
                    None => None,
                };
                let placed = match moved {
                    Some((over, place)) => Some(save_widget(over, place).await?),
                    None => None,
                };
                let painted = match painted {
                    Some((over, look)) => Some(save_appearance(over, look).await?),
                    None => None,
                };
                Ok((placed, painted))
            },
            move |(placed, painted): (Option<Saved<WidgetPage>>, Option<Saved<WidgetPage>>)| {
                let placed = placed.is_none_or(|answer| self.place.saved(&place, of(answer, |page| page.place)));
                let painted = painted.is_none_or(|answer| self.look.saved(&look, of(answer, |page| page.appearance)));
                if placed && painted {
                    self.work.say(done);
                }
            },
        );
    }
}

/// The half that was saved.
fn of<T>(answer: Saved<WidgetPage>, half: fn(WidgetPage) -> Versioned<T>) -> Saved<Versioned<T>> {
    match answer {
        Saved::Done(page) => Saved::Done(half(page)),
        Saved::Stale(page) => Saved::Stale(half(page)),
    }
}

/// The names of what differs in where the widget stands.
fn moved(t: &Texts, one: &Placement, other: &Placement) -> Vec<String> {
    let parts = [
        (one.active != other.active, t.chat_widget_use()),
        (one.origins != other.origins, t.chat_origins()),
        (one.identity_required != other.identity_required, t.chat_identity_required()),
    ];
    parts.into_iter().filter_map(|(differs, name)| differs.then_some(name)).collect()
}

fn invalid(wrong: Vec<Wrong>) -> ApiError {
    ApiError::Invalid(wrong.into_iter().map(FieldError::from).collect())
}

#[component]
fn Form(page: WidgetPage) -> impl IntoView {
    let t = texts();
    let base = facts().map(|f| f.public_url.trim_end_matches('/').to_owned()).unwrap_or_default();
    let (korean, english) = (snippet(&base, &page.key), english_snippet(&base, &page.key));
    let lang = t.language.code();
    let (developers, try_page) = (format!("/developers?lang={lang}"), format!("/try/{}?lang={lang}", page.key));
    let form = Form::new(page.place, page.appearance);
    let (work, place, keys) = (form.work, form.place.value, page.identity_keys);
    focus_problem(work);
    let (replaced, repainted) = (form.place.dirty(), form.look.dirty());
    let (done, filled, defaults_label) = (t.chat_saved(), t.chat_default_filled(), t.chat_defaults());
    let save = Callback::new(move |()| form.save(replaced, repainted, done.clone()));
    let defaults = Callback::new(move |()| {
        work.error.set(None);
        form.look.value.set(Appearance::default());
        work.say(filled.clone());
    });
    let active = Bound::part(place, |place| place.active, |place, active| place.active = active);
    let required = Bound::part(place, |place| place.identity_required, |place, required| place.identity_required = required);
    view! {
        <StaleBanner draft=form.place work=form.work differs=moved on_save=save/>
        <StaleBanner draft=form.look work=form.work differs on_save=save/>
        <section class="card" aria-labelledby="widget-use">
            <h2 id="widget-use">{t.chat_widget_use()}</h2>
            <div>
                <Switch label=t.chat_widget_use() value=active/>
                <p class="hint">{t.chat_widget_use_text()}</p>
            </div>
        </section>
        <section class="card code" aria-labelledby="widget-code">
            <h2 id="widget-code">{t.chat_snippet()}</h2>
            <p class="muted small">{t.chat_snippet_text()}</p>
            <h3>{t.chat_snippet_ko()}</h3>
            <Snippet code=korean label=t.chat_snippet_ko()/>
            <h3>{t.chat_snippet_en()}</h3>
            <Snippet code=english label=t.chat_snippet_en()/>
            <p class="small">
                <a href=developers target="_blank" rel="noopener">{t.chat_developers()}</a>
                " · "
                <a href=try_page target="_blank" rel="noopener">{t.chat_try()}</a>
            </p>
        </section>
        <section class="card" aria-labelledby="widget-origins">
            <h2 id="widget-origins">{t.chat_origins()}</h2>
            <p class="muted small">{t.chat_origins_text()}</p>
            <OriginFields origins=form.origins work/>
        </section>
        <IdentitySection keys required/>
        <section class="card" aria-labelledby="widget-look">
            <h2 id="widget-look">{t.chat_look()}</h2>
            <LookFields draft=form.look.value work/>
            <div class="sites">
                <LookPreview look=form.look.value.into()/>
            </div>
            <div>
                <Button kind=ButtonKind::Ghost on_press=defaults>
                    {defaults_label}
                </Button>
            </div>
        </section>
        <section class="card code" aria-labelledby="widget-csp">
            <h2 id="widget-csp">{t.chat_csp()}</h2>
            <p class="muted small">{t.chat_csp_text()}</p>
            <Snippet code=policy(&base) label=t.chat_csp()/>
        </section>
        <SaveBar
            dirty=Signal::derive(move || replaced.get() || repainted.get())
            work
            on_save=save
            on_revert=Callback::new(move |()| form.revert())
        />
    }
    .into_any()
}

/// What goes into a page's source.
fn snippet(base: &str, key: &str) -> String {
    format!("<script async src=\"{base}/widget/{key}.js\"></script>")
}

/// The same for a page whose visitors are to be spoken to in English, whatever it says of itself.
fn english_snippet(base: &str, key: &str) -> String {
    let queue = "window.damso = window.damso || function () { (damso.q = damso.q || []).push(arguments) };";
    format!("<script>\n{queue}\ndamso('locale', 'en');\n</script>\n{}", snippet(base, key))
}

/// What a page's own policy must allow.
fn policy(base: &str) -> String {
    format!("script-src {base}; frame-src {base}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_for_a_site() {
        let base = "https://chat.example";
        assert_eq!(snippet(base, "shop"), r#"<script async src="https://chat.example/widget/shop.js"></script>"#);
        let english = english_snippet(base, "shop");
        assert!(english.contains("damso('locale', 'en');") && english.ends_with(&snippet(base, "shop")));
        assert_eq!(policy(base), "script-src https://chat.example; frame-src https://chat.example");
    }
}
