use super::{Doorway, FormAlert};
use crate::{
    api::{
        ApiError,
        accounts::{Invited, accept_invitation, look_at_invitation},
    },
    ui::{
        kit::{Button, ButtonKind, EmptyState, Field, texts},
        problems::{plain_error_text, problem_text},
        session::go,
    },
};
use leptos::{ev, prelude::*, task::spawn_local};
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

/// `/join/TOKEN`: becoming a member by an invitation, or setting a new password.
#[component]
pub fn JoinPage() -> impl IntoView {
    let token = use_params_map().get_untracked().get_str("token").unwrap_or_default().to_owned();
    let asked = token.clone();
    let invited = Resource::new(|| (), move |()| look_at_invitation(asked.clone()));
    view! {
        <Suspense fallback=|| {
            view! { <p class="lone muted">{texts().common_loading()}</p> }
        }>
            {move || {
                let token = token.clone();
                Suspend::new(async move {
                    match invited.await {
                        Ok(invited) => view! { <Accept token invited/> }.into_any(),
                        Err(error) => view! { <Over error/> }.into_any(),
                    }
                })
            }}
        </Suspense>
    }
    .into_any()
}

#[component]
fn Over(error: ApiError) -> impl IntoView {
    let t = texts();
    let text = if error == ApiError::NotFound { t.error_link_over() } else { plain_error_text(&t, &error) };
    view! {
        <Title text=t.error_page_title()/>
        <main class="lone" id="main">
            <EmptyState icon="link" title=text heading=true>
                <p>
                    <a href="/login">{t.account_sign_in()}</a>
                </p>
            </EmptyState>
        </main>
    }
    .into_any()
}

#[component]
fn Accept(token: String, invited: Invited) -> impl IntoView {
    let t = texts();
    let Invited { email, service, known } = invited;
    let (name, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<ApiError>);
    let problem = |field: &'static str| {
        let t = t.clone();
        Signal::derive(move || error.read().as_ref().and_then(|e| e.problem_of(field)).map(|p| problem_text(&t, p)))
    };
    let (name_problem, password_problem) = (problem("name"), problem("password"));
    let alert = {
        let t = t.clone();
        Signal::derive(move || match error.read().as_ref() {
            Some(ApiError::NotFound) => Some(t.error_link_over()),
            // What stands beside a field is not said twice.
            Some(ApiError::Invalid(_)) | None => None,
            Some(other) => Some(plain_error_text(&t, other)),
        })
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        error.set(None);
        let token = token.clone();
        spawn_local(async move {
            match accept_invitation(token, name.get_untracked(), password.get_untracked()).await {
                Ok(()) => go("/console"),
                Err(why) => {
                    busy.set(false);
                    error.set(Some(why));
                }
            }
        });
    };
    let title = service.as_ref().map_or_else(|| t.account_join_reset(), |service| t.account_join_title(service.get(t.language)));
    let (lead, asks_name) = match (&service, known) {
        (None, _) => (t.account_join_reset_text(&email), false),
        (Some(_), true) => (t.account_join_known_text(&email), false),
        (Some(_), false) => (t.account_join_new_text(&email), true),
    };
    let (autocomplete, hint) = if known { ("current-password", String::new()) } else { ("new-password", t.account_password_hint()) };
    view! {
        <Title text=title.clone()/>
        <Doorway title text=lead>
            <form class="form" method="post" novalidate on:submit=submit>
                <FormAlert text=alert/>
                // For password managers, which ask whose password it is.
                <input type="hidden" name="username" autocomplete="username" value=email/>
                {asks_name
                    .then(|| {
                        view! {
                            <Field id="join-name" name="name" label=t.setup_name() value=name autocomplete="name" problem=name_problem required=true autofocus=true/>
                        }
                    })}
                <Field
                    id="join-password"
                    name="password"
                    label=t.account_password()
                    value=password
                    kind="password"
                    autocomplete=autocomplete
                    hint=hint
                    problem=password_problem
                    required=true
                />
                <Button kind=ButtonKind::Main submit=true busy=busy>
                    {t.account_join_submit()}
                </Button>
            </form>
        </Doorway>
    }
    .into_any()
}
