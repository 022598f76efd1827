use super::{
    FormAlert,
    own::{LookCard, NoticesCard},
};
use crate::{
    api::{
        ApiError,
        accounts::{MyAccount, MySession, change_password, my_account, revoke_other_sessions, revoke_session, set_language, sign_out},
    },
    domain::{ids::SessionId, service::Language, time::Timestamp},
    ui::{
        console::Line,
        kit::{
            Button, ButtonKind, Confirm, Field, Toasts, texts,
            time::{DayLabel, Time},
        },
        load::load,
        problems::{plain_error_text, problem_text},
        session::{go, left_by},
    },
};
use leptos::{ev, prelude::*, task::spawn_local};
use leptos_meta::Title;

/// My account: who I am here, language, password, signed-in browsers.
#[component]
pub fn AccountPage() -> impl IntoView {
    let t = texts();
    view! {
        <Title text=t.account_my_account()/>
        <main class="page" id="main">
            <div class="page-body">{load(my_account, |account, _| view! { <Mine account/> }.into_any())}</div>
        </main>
    }
    .into_any()
}

#[component]
fn Mine(account: MyAccount) -> impl IntoView {
    let t = texts();
    let MyAccount { email, name, owner, language, sessions } = account;
    view! {
        <header class="page-head">
            <div>
                <h1>{t.account_my_account()}</h1>
                <p class="muted">
                    {name} " · " {email.clone()} {owner.then(|| view! { " · " <span>{t.account_owner()}</span> })}
                </p>
            </div>
            <SignOut/>
        </header>
        <LanguageCard language/>
        <LookCard/>
        {use_context::<Line>().filter(|line| line.store.may_chat()).map(|_| view! { <NoticesCard/> })}
        <CannedCard/>
        <TicketsCard/>
        <PasswordCard email/>
        <SessionsCard sessions/>
    }
    .into_any()
}

#[component]
fn SignOut() -> impl IntoView {
    let t = texts();
    let toasts = expect_context::<Toasts>();
    let busy = RwSignal::new(false);
    let label = t.account_sign_out();
    let line = use_context::<Line>();
    let leaving = move |yes| {
        if let Some(line) = line {
            line.leaving.set(yes);
        }
    };
    let press = Callback::new(move |()| {
        busy.set(true);
        leaving(true);
        let t = t.clone();
        spawn_local(async move {
            match sign_out().await {
                Ok(()) | Err(ApiError::Unauthenticated) => go("/login"),
                Err(error) => {
                    busy.set(false);
                    leaving(false);
                    toasts.trouble(plain_error_text(&t, &error));
                }
            }
        });
    });
    view! {
        <Button busy=busy on_press=press>
            {label}
        </Button>
    }
    .into_any()
}

#[component]
fn LanguageCard(language: Language) -> impl IntoView {
    let t = texts();
    let toasts = expect_context::<Toasts>();
    let busy = RwSignal::new(false);
    let title = t.account_language();
    let options = Language::ALL
        .into_iter()
        .map(|option| {
            let name = match option {
                Language::Ko => t.common_language_ko(),
                Language::En => t.common_language_en(),
            };
            let t = t.clone();
            let choose = move |_| {
                if busy.get_untracked() {
                    return;
                }
                busy.set(true);
                let t = t.clone();
                spawn_local(async move {
                    match set_language(option).await {
                        // Without the query, which may ask for another language.
                        Ok(()) => go("/account"),
                        Err(error) if left_by(&error) => {}
                        Err(error) => {
                            busy.set(false);
                            toasts.trouble(plain_error_text(&t, &error));
                        }
                    }
                });
            };
            view! {
                <label class="choice">
                    <input type="radio" name="language" value=option.code() checked=option == language disabled=busy on:change=choose/>
                    <span lang=option.code()>{name}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <section class="card" aria-labelledby="language-title">
            <h2 id="language-title">{title}</h2>
            <div class="choices" role="radiogroup" aria-labelledby="language-title">
                {options}
            </div>
        </section>
    }
    .into_any()
}

/// The way to one's own canned replies, for who may chat.
#[component]
fn CannedCard() -> impl IntoView {
    let t = texts();
    use_context::<Line>().filter(|line| line.store.may_chat()).map(|_| {
        view! {
            <section class="card" aria-labelledby="canned-title">
                <h2 id="canned-title">{t.canned_mine()}</h2>
                <p class="muted small">{t.canned_mine_text()}</p>
                <a href="/account/canned">{t.canned_mine_link()}</a>
            </section>
        }
    })
}

#[component]
fn TicketsCard() -> impl IntoView {
    let t = texts();
    use_context::<Line>().filter(|line| line.store.may_chat()).map(|_| {
        view! {
            <section class="card" aria-labelledby="ticket-assign-title">
                <h2 id="ticket-assign-title">{t.tickets_assign()}</h2>
                <p class="muted small">{t.tickets_assign_text()}</p>
                <a href="/account/tickets">{t.tickets_assign_link()}</a>
            </section>
        }
    })
}

#[component]
fn PasswordCard(email: String) -> impl IntoView {
    let t = texts();
    let toasts = expect_context::<Toasts>();
    let (current, new) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<ApiError>);
    let problem = |field: &'static str| {
        let t = t.clone();
        Signal::derive(move || error.read().as_ref().and_then(|e| e.problem_of(field)).map(|p| problem_text(&t, p)))
    };
    let (current_problem, new_problem) = (problem("current"), problem("new"));
    let alert = {
        let t = t.clone();
        // What stands beside a field is not said twice.
        Signal::derive(move || {
            error.read().as_ref().filter(|e| ["current", "new"].iter().all(|f| e.problem_of(f).is_none())).map(|e| plain_error_text(&t, e))
        })
    };
    let submit = {
        let t = t.clone();
        move |event: ev::SubmitEvent| {
            event.prevent_default();
            if busy.get_untracked() {
                return;
            }
            busy.set(true);
            error.set(None);
            let t = t.clone();
            spawn_local(async move {
                match change_password(current.get_untracked(), new.get_untracked()).await {
                    Ok(()) => {
                        current.set(String::new());
                        new.set(String::new());
                        toasts.info(t.account_password_changed());
                    }
                    Err(why) if left_by(&why) => {}
                    Err(why) => error.set(Some(why)),
                }
                busy.set(false);
            });
        }
    };
    view! {
        <section class="card" aria-labelledby="password-title">
            <h2 id="password-title">{t.account_change_password()}</h2>
            <form class="form narrow" method="post" novalidate on:submit=submit>
                <FormAlert text=alert/>
                // For password managers, which ask whose password it is.
                <input type="hidden" name="username" autocomplete="username" value=email/>
                <Field
                    id="current-password"
                    name="current"
                    label=t.account_current_password()
                    value=current
                    kind="password"
                    autocomplete="current-password"
                    problem=current_problem
                    required=true
                />
                <Field
                    id="new-password"
                    name="new"
                    label=t.account_new_password()
                    value=new
                    kind="password"
                    autocomplete="new-password"
                    hint=t.account_password_hint()
                    problem=new_problem
                    required=true
                />
                <div>
                    <Button kind=ButtonKind::Main submit=true busy=busy>
                        {t.account_change_password()}
                    </Button>
                </div>
            </form>
        </section>
    }
    .into_any()
}

#[component]
fn SessionsCard(sessions: Vec<MySession>) -> impl IntoView {
    let t = texts();
    let toasts = expect_context::<Toasts>();
    let sessions = RwSignal::new(sessions);
    let asked = RwSignal::new(None::<SessionId>);
    let (ask_one, ask_all, busy) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    let done = {
        let t = t.clone();
        move |result: Result<(), ApiError>, keep: &dyn Fn(&MySession) -> bool| {
            busy.set(false);
            ask_one.set(false);
            ask_all.set(false);
            match result {
                Ok(()) => {
                    sessions.update(|list| list.retain(keep));
                    toasts.info(t.account_revoked());
                }
                Err(error) if left_by(&error) => {}
                Err(error) => toasts.trouble(plain_error_text(&t, &error)),
            }
        }
    };
    let revoke_one = {
        let done = done.clone();
        Callback::new(move |()| {
            let Some(id) = asked.get_untracked() else { return };
            busy.set(true);
            let done = done.clone();
            spawn_local(async move { done(revoke_session(id).await, &|s: &MySession| s.id != id) });
        })
    };
    let revoke_all = Callback::new(move |()| {
        busy.set(true);
        let done = done.clone();
        spawn_local(async move { done(revoke_other_sessions().await, &|s: &MySession| s.current) });
    });
    let others = Memo::new(move |_| sessions.read().iter().any(|s| !s.current));
    let all_label = t.account_revoke_others();
    view! {
        <section class="card" aria-labelledby="sessions-title">
            <h2 id="sessions-title">{t.account_sessions()}</h2>
            <p class="muted small">{t.account_sessions_text()}</p>
            <ul class="sessions">
                <For each=move || sessions.get() key=|s| s.id let:session>
                    <SessionRow
                        session
                        on_revoke=Callback::new(move |id| {
                            asked.set(Some(id));
                            ask_one.set(true);
                        })
                    />
                </For>
            </ul>
            {move || {
                let label = all_label.clone();
                others.get().then(|| view! { <Button on_press=Callback::new(move |()| ask_all.set(true))>{label}</Button> })
            }}
        </section>
        <Confirm
            id="revoke-one"
            open=ask_one
            title=t.account_revoke_title()
            text=t.account_revoke_text()
            confirm=t.account_revoke()
            danger=true
            busy=busy
            on_confirm=revoke_one
        />
        <Confirm
            id="revoke-all"
            open=ask_all
            title=t.account_revoke_others_title()
            text=t.account_revoke_text()
            confirm=t.account_revoke_others()
            danger=true
            busy=busy
            on_confirm=revoke_all
        />
    }
    .into_any()
}

#[component]
fn SessionRow(session: MySession, on_revoke: Callback<SessionId>) -> impl IntoView {
    let t = texts();
    let MySession { id, current, device, address, created_at, seen_at } = session;
    let device = if device.is_empty() { t.account_unknown_device() } else { device };
    let name = format!("{} · {device} · {address}", t.account_revoke());
    view! {
        <li>
            <div>
                <p>
                    <b>{device}</b>
                    {current.then(|| view! { " " <span class="chip active">{t.account_current_session()}</span> })}
                </p>
                <p class="muted small">
                    {address} " · " <Around words=t.account_last_seen(GAP) at=seen_at/> " · " <Around words=t.account_signed_in_at(GAP) at=created_at/>
                </p>
            </div>
            {(!current)
                .then(|| {
                    view! {
                        <Button on_press=Callback::new(move |()| on_revoke.run(id)) {..} aria-label=name>
                            {t.account_revoke()}
                        </Button>
                    }
                })}
        </li>
    }
    .into_any()
}

/// Stands where the time goes in a sentence about it.
const GAP: char = '\u{1}';

/// A sentence around a time, which only the browser can write.
#[component]
fn Around(words: String, at: Timestamp) -> impl IntoView {
    let (before, after) = words.split_once(GAP).map_or((words.as_str(), ""), |parts| parts);
    view! {
        <span>
            {before.to_owned()} <DayLabel at/> " " <Time at/> {after.to_owned()}
        </span>
    }
    .into_any()
}
