//! What all signed-in pages share: the desk's data and its line, the rail, the chat icon,
//! what makes an agent look up.

use super::{
    chat_icon::ChatIcon,
    line::Line,
    model::Tab,
    notice::{AskForNotices, Notices},
    shelf::Shelf,
    status::{OfflineBanner, StatusChoice},
};
use crate::{
    api::{ApiError, accounts::connect_service, desk::load_desk},
    protocol::{Desk, Goodbye},
    ui::{
        kit::{Button, EmptyState, Icon, Toasts, facts, texts},
        live::{handle::keep, host, socket::Link},
        problems::plain_error_text,
        session::{go, left_by, reload, sign_in_again},
    },
};
use leptos::{leptos_dom::helpers::IntervalHandle, prelude::*, task::spawn_local};
use leptos_meta::Title;
use leptos_router::{components::Outlet, hooks::use_location};
use std::time::Duration;

/// The frame of the signed-in pages. It stays while pages change, and with it the line.
#[component]
pub fn SignedIn() -> impl IntoView {
    let desk = Resource::new(|| (), |()| load_desk());
    view! {
        <Suspense fallback=|| {
            view! { <p class="lone muted">{texts().common_loading()}</p> }
        }>
            {move || Suspend::new(async move {
                match desk.await {
                    Ok(desk) => view! { <WithDesk desk/> }.into_any(),
                    // An account without the chat right has its other pages.
                    Err(ApiError::Forbidden) => view! { <Frame line=None/> }.into_any(),
                    Err(error) => view! { <NoDesk error on_retry=Callback::new(move |()| desk.refetch())/> }.into_any(),
                }
            })}
        </Suspense>
    }
    .into_any()
}

#[component]
fn NoDesk(error: ApiError, on_retry: Callback<()>) -> impl IntoView {
    let t = texts();
    let text = plain_error_text(&t, &error);
    Effect::new(move |_| {
        left_by(&error);
    });
    view! {
        <Title text=t.console_title()/>
        <main class="lone" id="main">
            <EmptyState icon="alert" title=t.console_loading_failed() heading=true>
                <p>{text}</p>
                <Button on_press=on_retry>{t.common_retry()}</Button>
            </EmptyState>
        </main>
    }
    .into_any()
}

#[component]
fn WithDesk(desk: Desk) -> impl IntoView {
    let build = facts().map(|f| f.build).unwrap_or_default();
    let line = Line::new(&desk, texts(), expect_context::<Toasts>(), build);
    provide_context(line);
    let shelf = Shelf::empty();
    provide_context(shelf);
    // A desk that is loaded anew comes from changed settings, or from a line that was cut.
    Effect::new(move |before: Option<()>| {
        line.store.follow_desk();
        if before.is_some() {
            shelf.outdate();
        }
    });
    let ticking = StoredValue::new(None::<IntervalHandle>);
    Effect::new(move |_| {
        line.connect();
        ticking.set_value(set_interval_with_handle(move || line.tick(), Duration::from_secs(1)).ok());
    });
    // The last frame may be lost, the reason of the close is not.
    Effect::new(move |_| match line.link().get() {
        Link::Closed(Goodbye::SignedOut) if !line.leaving.get_untracked() => sign_in_again(),
        Link::Closed(Goodbye::Version) => line.outdated.set(true),
        _ => {}
    });
    on_cleanup(move || {
        if let Some(handle) = ticking.try_get_value().flatten() {
            handle.clear();
        }
    });
    keep(|| {
        // Only what could be lost is worth a question (K12).
        host::on_window("beforeunload", move |event| {
            let unsent = line.outbox.entries().try_with_untracked(|all| all.iter().any(|e| e.sent.is_none() && e.failed.is_none()));
            if unsent == Some(true) && line.outbox.stuck().try_get_untracked() == Some(true) {
                event.prevent_default();
            }
        })
    });
    view! { <Frame line=Some(line)/> }
}

#[component]
fn Frame(line: Option<Line>) -> impl IntoView {
    let t = texts();
    view! {
        <a class="skip" href="#main">{t.console_skip()}</a>
        <div class="app">
            <Rail line/>
            <div class="app-body">
                {line.map(|line| view! { <Banner line/><OfflineBanner line/><AskForNotices line/> })}
                <Outlet/>
            </div>
        </div>
        {line
            .map(|line| {
                view! {
                    <Notices line/>
                    <ChatIcon line/>
                    <div class="visually-hidden" aria-live="polite">{move || line.said.get()}</div>
                }
            })}
    }
    .into_any()
}

/// Main navigation; at the bottom on a phone.
#[component]
fn Rail(line: Option<Line>) -> impl IntoView {
    let t = texts();
    let path = use_location().pathname;
    let at = move |prefix: &'static str| move || path.read().starts_with(prefix).then_some("page");
    let waiting = Memo::new(move |_| line.map_or(0, |line| line.store.count(Tab::Waiting)));
    view! {
        <nav class="rail" aria-label=t.console_nav_label()>
            {line.filter(|line| line.store.may_chat()).map(|line| view! { <StatusChoice line/> })}
            <ServiceChoice/>
            <a href="/console" aria-current=at("/console")>
                <Icon name="message" size=20/>
                <span>{t.console_nav_chats()}</span>
                <span class="count" hidden=move || waiting.get() == 0 aria-hidden="true">{move || waiting.get()}</span>
            </a>
            {line
                .map(|_| {
                    view! {
                        <a href="/history" aria-current=at("/history")>
                            <Icon name="history" size=20/>
                            <span>{t.acts_history()}</span>
                        </a>
                    }
                })}
            {move || {
                line.is_some_and(|line| line.store.oversees())
                    .then(|| {
                        view! {
                            <a href="/board" aria-current=at("/board")>
                                <Icon name="eye" size=20/>
                                <span>{texts().board_title()}</span>
                            </a>
                        }
                    })
            }}
            {facts()
                .is_some_and(|f| f.inquiries)
                .then(|| {
                    view! {
                        <a href="/inquiries" aria-current=at("/inquiries")>
                            <Icon name="inbox" size=20/>
                            <span>{t.console_nav_inquiries()}</span>
                        </a>
                    }
                })}
            {facts()
                .is_some_and(|f| f.admin)
                .then(|| {
                    view! {
                        <a href="/settings" aria-current=at("/settings")>
                            <Icon name="settings" size=20/>
                            <span>{t.console_nav_settings()}</span>
                        </a>
                    }
                })}
            {facts()
                .is_some_and(|f| f.owner)
                .then(|| {
                    view! {
                        <a href="/organization/services" aria-current=at("/organization")>
                            <Icon name="globe" size=20/>
                            <span>{t.console_nav_organization()}</span>
                        </a>
                    }
                })}
            <a class="end" href="/account" aria-current=at("/account")>
                <Icon name="user" size=20/>
                <span>{t.console_nav_account()}</span>
            </a>
        </nav>
    }
    .into_any()
}

/// Who works in several services chooses the one he is connected to; each has its own
/// console, settings and figures, so the page begins anew.
#[component]
fn ServiceChoice() -> impl IntoView {
    let t = texts();
    let toasts = expect_context::<Toasts>();
    let services = facts().map(|f| f.services).unwrap_or_default();
    if services.len() < 2 {
        return ().into_any();
    }
    let options = services
        .into_iter()
        .map(|s| view! { <option value=s.id.to_string() selected=s.connected>{s.name.get(t.language).to_owned()}</option> })
        .collect_view();
    let label = t.console_service();
    let choose = move |event| {
        let Ok(id) = event_target_value(&event).parse() else { return };
        let t = t.clone();
        spawn_local(async move {
            match connect_service(id).await {
                Ok(()) => go("/console"),
                Err(error) if left_by(&error) => {}
                Err(error) => toasts.trouble(plain_error_text(&t, &error)),
            }
        });
    };
    view! {
        <select class="service-choice" aria-label=label.clone() title=label on:change=choose>
            {options}
        </select>
    }
    .into_any()
}

/// Trouble that concerns every page: the line is down, or the page is of an older build.
#[component]
fn Banner(line: Line) -> impl IntoView {
    let t = texts();
    let link = line.link();
    let down = Memo::new(move |_| link.get().is_down() && !matches!(link.get(), Link::Closed(_)));
    let contract = t.console_no_contract();
    let (old, reload_label, lost) = (t.console_new_version(), t.console_reload(), t.console_disconnected());
    view! {
        <div role="alert" class="banner-place">
            {move || {
                if line.outdated.get() {
                    let (old, label) = (old.clone(), reload_label.clone());
                    Some(
                        view! {
                            <div class="banner">
                                <Icon name="refresh"/>
                                <span>{old}</span>
                                <Button on_press=Callback::new(|()| reload())>{label}</Button>
                            </div>
                        }
                            .into_any(),
                    )
                } else if !line.store.has_chat() {
                    let words = contract.clone();
                    Some(
                        view! {
                            <div class="banner trouble">
                                <Icon name="alert"/>
                                <span>{words}</span>
                            </div>
                        }
                            .into_any(),
                    )
                } else if down.get() {
                    let lost = lost.clone();
                    Some(
                        view! {
                            <div class="banner trouble">
                                <Icon name="wifi-off"/>
                                <span>{lost}</span>
                            </div>
                        }
                            .into_any(),
                    )
                } else {
                    None
                }
            }}
        </div>
    }
    .into_any()
}
