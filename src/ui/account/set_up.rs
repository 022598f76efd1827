use super::{Doorway, FormAlert};
use crate::{
    api::{
        ApiError,
        accounts::{SetUp, set_up},
    },
    ui::{
        kit::{Button, ButtonKind, Field, texts},
        problems::{code_text, plain_error_text, problem_text},
        session::go,
    },
};
use leptos::{ev, prelude::*, task::spawn_local};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// First-run set-up: the owner and the first service (G26). Its form also works without
/// script: `POST /setup`.
#[component]
pub fn SetUpPage() -> impl IntoView {
    let t = texts();
    let query = use_query_map().get_untracked();
    let kept = |name: &str| RwSignal::new(query.get_str(name).unwrap_or_default().to_owned());
    let (name, email, service_name, service_key, site) =
        (kept("name"), kept("email"), kept("service_name"), kept("service_key"), kept("site"));
    let password = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<ApiError>);
    // The answer to a form that was posted without script.
    let from_address = query.get_str("error").map(|code| code_text(&t, code));
    let posted: Vec<String> = query.get_str("fields").unwrap_or_default().split(',').map(str::to_owned).collect();
    let tried = RwSignal::new(false);
    let problem = |field: &'static str| {
        let t = t.clone();
        let marked = posted.iter().any(|name| name == field);
        Signal::derive(move || match error.read().as_ref() {
            Some(error) => error.problem_of(field).map(|p| problem_text(&t, p)),
            None => (marked && !tried.get()).then(|| t.error_invalid()),
        })
    };
    let (name_p, email_p, password_p) = (problem("name"), problem("email"), problem("password"));
    let (service_name_p, service_key_p, site_p) = (problem("service_name"), problem("service_key"), problem("site"));
    let alert = {
        let t = t.clone();
        Signal::derive(move || {
            error
                .read()
                .as_ref()
                .map(|e| if *e == ApiError::Forbidden { t.setup_closed() } else { plain_error_text(&t, e) })
                .or_else(|| from_address.clone().filter(|_| !tried.get()))
        })
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let trimmed = |field: RwSignal<String>| field.get_untracked().trim().to_owned();
        let form = SetUp {
            name: trimmed(name),
            email: trimmed(email),
            password: password.get_untracked(),
            service_name: trimmed(service_name),
            service_key: trimmed(service_key),
            site: trimmed(site),
        };
        busy.set(true);
        tried.set(true);
        error.set(None);
        spawn_local(async move {
            match set_up(form).await {
                // 준비 상태 says what comes next.
                Ok(()) => go("/settings"),
                Err(why) => {
                    busy.set(false);
                    error.set(Some(why));
                }
            }
        });
    };
    view! {
        <Title text=t.setup_title()/>
        <Doorway title=t.setup_title() text=t.setup_text()>
            <form class="form" method="post" action="/setup" novalidate on:submit=submit>
                <FormAlert text=alert/>
                <fieldset>
                    <legend>{t.setup_owner()}</legend>
                    <Field id="setup-name" name="name" label=t.setup_name() value=name autocomplete="name" problem=name_p required=true autofocus=true/>
                    <Field id="setup-email" name="email" label=t.account_email() value=email kind="email" autocomplete="username" problem=email_p required=true/>
                    <Field
                        id="setup-password"
                        name="password"
                        label=t.account_password()
                        value=password
                        kind="password"
                        autocomplete="new-password"
                        hint=t.account_password_hint()
                        problem=password_p
                        required=true
                    />
                </fieldset>
                <fieldset>
                    <legend>{t.setup_service()}</legend>
                    <Field id="setup-service-name" name="service_name" label=t.setup_service_name() value=service_name autocomplete="organization" problem=service_name_p required=true/>
                    <Field
                        id="setup-service-key"
                        name="service_key"
                        label=t.setup_service_key()
                        value=service_key
                        autocomplete="off"
                        hint=t.setup_service_key_hint()
                        problem=service_key_p
                        required=true
                    />
                    <Field id="setup-site" name="site" label=t.setup_site() value=site kind="url" autocomplete="url" hint=t.setup_site_hint() problem=site_p/>
                </fieldset>
                <Button kind=ButtonKind::Main submit=true busy=busy>
                    {t.setup_submit()}
                </Button>
            </form>
        </Doorway>
    }
    .into_any()
}
