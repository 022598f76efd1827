use super::{Doorway, FormAlert};
use crate::{
    api::{ApiError, accounts::sign_in},
    ui::{
        kit::{Button, ButtonKind, Field, facts, texts},
        page::DemoAccount,
        problems::{code_text, plain_error_text},
        session::{go, safe_next},
    },
};
use leptos::{ev, prelude::*, task::spawn_local};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// The sign-in page. Its form also works without script: `POST /login`.
#[component]
pub fn SignInPage() -> impl IntoView {
    let t = texts();
    let insecure = facts().is_some_and(|f| f.insecure);
    view! {
        <Title text=t.account_sign_in_title()/>
        <Doorway title=t.account_sign_in_title()>
            {if insecure {
                view! {
                    <div class="notice trouble" role="note">
                        <h2>{t.account_insecure_title()}</h2>
                        <p>{t.account_insecure_text()}</p>
                    </div>
                }
                    .into_any()
            } else {
                view! { <SignInForm/> }.into_any()
            }}
        </Doorway>
    }
    .into_any()
}

#[component]
fn SignInForm() -> impl IntoView {
    let t = texts();
    let query = use_query_map().get_untracked();
    let next = safe_next(query.get_str("next"));
    let email = RwSignal::new(query.get_str("email").unwrap_or_default().to_owned());
    let password = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(query.get_str("error").map(|code| code_text(&t, code)));
    let missing = RwSignal::new((false, false));
    let required = |pick: fn((bool, bool)) -> bool| {
        let text = t.error_required();
        Signal::derive(move || pick(missing.get()).then(|| text.clone()))
    };
    let (no_email, no_password) = (required(|m| m.0), required(|m| m.1));
    let demo = facts().map(|f| f.demo_accounts).unwrap_or_default();

    let submit = {
        let (t, next) = (t.clone(), next.clone());
        move |event: ev::SubmitEvent| {
            event.prevent_default();
            if busy.get_untracked() {
                return;
            }
            let (address, secret) = (email.get_untracked().trim().to_owned(), password.get_untracked());
            missing.set((address.is_empty(), secret.is_empty()));
            problem.set(None);
            if address.is_empty() || secret.is_empty() {
                return;
            }
            busy.set(true);
            let (t, next) = (t.clone(), next.clone());
            spawn_local(async move {
                match sign_in(address, secret).await {
                    // The form stays busy while the next page loads.
                    Ok(()) => go(&next),
                    Err(error) => {
                        busy.set(false);
                        if error == ApiError::WrongCredentials {
                            password.set(String::new());
                        }
                        problem.set(Some(plain_error_text(&t, &error)));
                    }
                }
            });
        }
    };
    let (demo_title, demo_text, button) = (t.account_demo_title(), t.account_demo_text(), t.account_sign_in());
    view! {
        <form class="form" method="post" action="/login" novalidate on:submit=submit>
            <FormAlert text=problem/>
            <input type="hidden" name="next" value=next/>
            <Field
                id="sign-in-email"
                name="email"
                label=t.account_email()
                value=email
                kind="email"
                autocomplete="username"
                problem=no_email
                required=true
                autofocus=true
            />
            <Field
                id="sign-in-password"
                name="password"
                label=t.account_password()
                value=password
                kind="password"
                autocomplete="current-password"
                problem=no_password
                required=true
            />
            <Button kind=ButtonKind::Main submit=true busy=busy>
                {button}
            </Button>
        </form>
        {(!demo.is_empty())
            .then(|| {
                let rows = demo
                    .into_iter()
                    .map(|DemoAccount { email: address, password: secret }| {
                        let shown = address.clone();
                        view! {
                            <li>
                                <button
                                    type="button"
                                    class="demo-account"
                                    on:click=move |_| {
                                        email.set(address.clone());
                                        password.set(secret.clone());
                                        missing.set((false, false));
                                        problem.set(None);
                                    }
                                >
                                    {shown}
                                </button>
                            </li>
                        }
                    })
                    .collect_view();
                view! {
                    <section class="demo" aria-labelledby="demo-title">
                        <h2 id="demo-title">{demo_title}</h2>
                        <p class="muted small">{demo_text}</p>
                        <ul>{rows}</ul>
                    </section>
                }
            })}
    }
    .into_any()
}
