//! 채팅화면 삽입 코드 (A18, G31): the code for the customer's site, where it may stand, and
//! how its button looks.

use super::{
    super::{
        SettingsPage,
        editing::{SaveBar, Work},
        focus::focus_problem,
        stale::{Draft, StaleBanner},
    },
    look::{LookFields, LookPreview, differs},
    origins::{OriginFields, Origins},
};
use crate::{
    api::{
        ApiError, FieldError,
        settings::{Saved, WidgetPage, load_widget, save_appearance, save_widget},
    },
    domain::settings::{Appearance, Section as _, Wrong},
    ui::{
        kit::{Button, ButtonKind, Snippet, Switch, facts, texts},
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

/// The page's two halves: how it looks is saved over a version, where it stands is not.
#[derive(Clone, Copy)]
struct Form {
    look: Draft<Appearance>,
    active: RwSignal<bool>,
    origins: Origins,
    stored: RwSignal<(bool, Vec<String>)>,
    work: Work,
}

impl Form {
    fn new(page: WidgetPage) -> Self {
        Self {
            look: Draft::new(page.appearance),
            active: RwSignal::new(page.active),
            origins: Origins::new(&page.origins),
            stored: RwSignal::new((page.active, page.origins)),
            work: Work::new(),
        }
    }

    /// Whether the widget stands elsewhere than stored.
    fn moved(self) -> Signal<bool> {
        Memo::new(move |_| self.stored.with(|(active, origins)| *active != self.active.get() || *origins != self.origins.filled())).into()
    }

    fn revert(self) {
        self.work.error.set(None);
        self.look.revert();
        self.show_place();
    }

    fn show_place(self) {
        let (active, origins) = self.stored.get_untracked();
        self.active.set(active);
        self.origins.fill(&origins);
    }

    /// Saves what was changed of both halves.
    fn save(self, moved: Signal<bool>, repainted: Signal<bool>, done: String) {
        let place = moved.get_untracked().then(|| (self.active.get_untracked(), untrack(|| self.origins.texts())));
        let look = self.look.value.get_untracked();
        let painted = repainted.get_untracked().then(|| (self.look.version(), look.clone()));
        self.work.run(
            async move {
                // Before anything is stored, so that nothing is stored by half.
                let painted = match painted {
                    Some((over, look)) => Some((over, look.checked().map_err(invalid)?)),
                    None => None,
                };
                let placed = match place {
                    Some((active, origins)) => Some(save_widget(active, origins).await?),
                    None => None,
                };
                let painted = match painted {
                    Some((over, look)) => Some(save_appearance(over, look).await?),
                    None => None,
                };
                Ok((placed, painted))
            },
            move |(placed, painted): (Option<WidgetPage>, Option<Saved<WidgetPage>>)| {
                if let Some(page) = placed {
                    self.stored.set((page.active, page.origins));
                    self.show_place();
                }
                let stands = match painted {
                    Some(Saved::Done(page)) => self.look.saved(&look, Saved::Done(page.appearance)),
                    Some(Saved::Stale(page)) => self.look.saved(&look, Saved::Stale(page.appearance)),
                    None => true,
                };
                if stands {
                    self.work.say(done);
                }
            },
        );
    }
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
    let form = Form::new(page);
    let work = form.work;
    focus_problem(work);
    let (moved, repainted) = (form.moved(), form.look.dirty());
    let (done, filled, defaults_label) = (t.chat_saved(), t.chat_default_filled(), t.chat_defaults());
    let save = Callback::new(move |()| form.save(moved, repainted, done.clone()));
    let defaults = Callback::new(move |()| {
        work.error.set(None);
        form.look.value.set(Appearance::default());
        work.say(filled.clone());
    });
    view! {
        <StaleBanner draft=form.look work=form.work differs on_save=save/>
        <section class="card" aria-labelledby="widget-use">
            <h2 id="widget-use">{t.chat_widget_use()}</h2>
            <div>
                <Switch label=t.chat_widget_use() value=form.active/>
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
            dirty=Signal::derive(move || moved.get() || repainted.get())
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
