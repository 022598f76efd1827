//! What is written of a canned reply: for a new one, and for one that is there.

use super::Page;
use crate::{
    api::{
        ApiError,
        canned::{create_canned, list_canned, save_canned},
    },
    domain::{
        canned::{Canned, Words, blanks::Known},
        service::{Localized, Rule},
    },
    ui::{
        kit::{Area, Bound, Button, ButtonKind, Field, texts},
        settings::{
            editing::{LineForm, Work},
            focus::focus_first,
            guard::guard,
        },
    },
};
use leptos::{ev, prelude::*};

/// 상용구 만들기
#[component]
pub(super) fn NewReply(page: Page) -> impl IntoView {
    let t = texts();
    let work = Work::new();
    guard(Memo::new(move |_| *page.new.read() != Words::default()).into(), "");
    let submit = {
        let t = t.clone();
        move |event: ev::SubmitEvent| {
            event.prevent_default();
            let (t, words) = (t.clone(), page.new.get_untracked());
            work.run(create_canned(page.scope, words.clone()), move |now| {
                page.take(now);
                page.new.set(Words::default());
                work.say(t.canned_made(words.shortcut.trim()));
                focus_first(["new-canned-shortcut".to_owned()]);
            });
        }
    };
    view! {
        <section class="card canned" aria-labelledby="new-canned-title">
            <h2 id="new-canned-title">{t.canned_new()}</h2>
            <form class="form" novalidate on:submit=submit>
                <WordsFields id="new-canned" words=page.new work/>
                <div>
                    <Button kind=ButtonKind::Main submit=true busy=work.busy>
                        {t.canned_new()}
                    </Button>
                </div>
            </form>
        </section>
    }
    .into_any()
}

/// A reply of the list, being changed. What is typed stays when somebody else was first.
#[component]
pub(super) fn EditReply(page: Page, canned: Canned) -> impl IntoView {
    let t = texts();
    let id = canned.id;
    let words = RwSignal::new(canned.words.clone());
    let label = t.canned_edit_named(&canned.words.shortcut);
    // What is saved over.
    let base = RwSignal::new(canned);
    let newer = RwSignal::new(None::<Localized>);
    let work = Work::new();
    guard(Memo::new(move |_| *words.read() != base.read().words).into(), "");
    let save = {
        let t = t.clone();
        Callback::new(move |()| {
            let (t, sent, over) = (t.clone(), words.get_untracked(), base.read_untracked().version);
            let request = {
                let sent = sent.clone();
                async move {
                    match save_canned(page.scope, id, over, sent).await {
                        // Told beside the form, which keeps what was typed.
                        Err(ApiError::Rule(Rule::Stale) | ApiError::NotFound) => list_canned().await.map(Err),
                        other => other.map(Ok),
                    }
                }
            };
            work.run(request, move |answer| match answer {
                Ok(now) => {
                    page.close();
                    page.take(now);
                    work.say(t.canned_saved(sent.shortcut.trim()));
                }
                Err(now) => match now.replies.iter().find(|canned| canned.id == id).cloned() {
                    Some(stored) => {
                        newer.set(Some(stored.words.text.clone()));
                        base.set(stored);
                        page.take(now);
                    }
                    None => {
                        page.editing.set(None);
                        page.new.set(sent);
                        page.take(now);
                        work.say(t.canned_gone());
                        focus_first(["new-canned-shortcut".to_owned()]);
                    }
                },
            });
        })
    };
    let stale = {
        let t = t.clone();
        move || {
            newer.get().map(|text| {
                view! {
                    <div class="notice">
                        <p>
                            <b>{t.canned_stale_title()}</b>
                        </p>
                        <p class="canned-text">{text.in_words()}</p>
                        <p>{t.canned_stale_text()}</p>
                    </div>
                }
            })
        }
    };
    view! {
        <LineForm label busy=work.busy on_save=save on_close=Callback::new(move |()| page.close())>
            <div class="form-alert-place" role="alert">
                {stale}
            </div>
            <WordsFields id="edit-canned" words work/>
        </LineForm>
    }
    .into_any()
}

#[component]
fn WordsFields(
    /// Prefix of the ids; unique in the document.
    id: &'static str,
    words: RwSignal<Words>,
    work: Work,
) -> impl IntoView {
    let t = texts();
    let braces = |name: &str| format!("{{{{{name}}}}}");
    let [customer, agent, service] = Known::ALL.map(|known| braces(known.name()));
    let hint = t.canned_text_hint(agent, braces(&t.canned_blank_example()), customer, service);
    view! {
        <Field
            id=format!("{id}-shortcut")
            name="shortcut"
            label=t.canned_shortcut()
            value=Bound::part(words, |w| w.shortcut.clone(), |w, shortcut| w.shortcut = shortcut)
            hint=t.canned_shortcut_hint()
            problem=work.problem("shortcut")
            autocomplete="off"
        />
        <div class="pair">
            <Area
                id=format!("{id}-ko")
                label=t.canned_text_ko()
                lang="ko"
                rows=4
                value=Bound::part(words, |w| w.text.ko.clone(), |w, ko| w.text.ko = ko)
                problem=work.problem("text.ko")
            />
            <Area
                id=format!("{id}-en")
                label=t.canned_text_en()
                lang="en"
                rows=4
                value=Bound::part(words, |w| w.text.en.clone(), |w, en| w.text.en = en)
                problem=work.problem("text.en")
            />
        </div>
        <p class="hint">{hint}</p>
    }
    .into_any()
}
