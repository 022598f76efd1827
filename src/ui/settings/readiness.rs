//! 준비 상태, the home of 서비스 관리: what is done, what is missing, and what a customer
//! meets right now.

use super::{SettingsPage, hours::summary};
use crate::{
    api::settings::{Check, Readiness, Step, load_readiness},
    domain::{
        availability::{Door, Shut},
        time::Timestamp,
    },
    i18n::Texts,
    ui::{
        kit::{
            Button, Icon, texts,
            time::{Time, TimeStyle},
        },
        load::load,
    },
};
use leptos::prelude::*;

/// `/settings`
#[component]
pub fn ReadinessPage() -> impl IntoView {
    let t = texts();
    view! {
        <SettingsPage group=t.settings_readiness() title=t.settings_readiness() lead=t.settings_readiness_lead()>
            {load(load_readiness, |page, again| view! { <Ready page again/> }.into_any())}
        </SettingsPage>
    }
    .into_any()
}

#[component]
fn Ready(page: Readiness, again: Callback<()>) -> impl IntoView {
    let t = texts();
    let missing = page.checks.iter().filter(|check| !check.done).count();
    let open = matches!(page.door, Door::Open { .. });
    let (title, opens) = now(&t, &page.door);
    let rows = page.checks.iter().map(|check| row(&t, *check, &page)).collect_view();
    let progress = if missing == 0 { t.settings_ready_all() } else { t.settings_ready_missing(missing) };
    let refresh = t.settings_ready_refresh();
    view! {
        <section class="card ready-now" class:open=open aria-labelledby="ready-now">
            <h2 id="ready-now">{t.settings_ready_now()}</h2>
            <p role="status">
                <Icon name=if open { "check" } else { "clock" }/>
                <span>{title} {opens.map(|at| view! { " " {t.settings_ready_opens()} " " <Time at style=TimeStyle::Full/> })}</span>
            </p>
            <Button on_press=again>{refresh}</Button>
        </section>
        <section class="card" aria-labelledby="ready-steps">
            <h2 id="ready-steps">{t.settings_ready_steps()}</h2>
            <p class="muted small">{progress}</p>
            <ol class="ready">{rows}</ol>
        </section>
    }
    .into_any()
}

/// What a customer meets now and why, in one sentence; and when it opens, if that is known.
fn now(t: &Texts, door: &Door) -> (String, Option<Timestamp>) {
    match door {
        Door::Open { queues } => (t.settings_now_open(queues.iter().filter(|(_, shut)| shut.is_none()).count()), None),
        Door::Shut(Shut::Contract) => (t.settings_now_contract(), None),
        Door::Shut(Shut::Switch) => (t.settings_now_switch(), None),
        Door::Shut(Shut::Consent) => (t.settings_now_consent(), None),
        Door::Shut(Shut::NoQueue) => (t.settings_now_no_queue(), None),
        Door::Shut(Shut::Stopped) => (t.settings_now_stopped(), None),
        Door::Shut(Shut::Hours { opens }) => (t.settings_now_hours(), *opens),
        Door::Shut(Shut::Absent) => (t.settings_now_absent(), None),
    }
}

fn row(t: &Texts, check: Check, page: &Readiness) -> impl IntoView + use<> {
    let count = check.count;
    let (name, href, text) = match check.step {
        Step::Contract => (t.settings_step_contract(), "/organization/services", t.settings_step_contract_text()),
        Step::Agents => (t.settings_step_agents(), "/settings/agents", t.settings_step_agents_text(count)),
        Step::Allocation => (t.settings_step_allocation(), "/settings/allocation", t.settings_step_allocation_text(count)),
        Step::Queues => {
            (t.settings_step_queues(), if check.done { "/settings/seats" } else { "/settings/queues" }, t.settings_step_queues_text(count))
        }
        Step::Hours => (t.settings_step_hours(), "/settings/hours", summary(t, &page.calendar, &page.zone)),
        Step::Consent => (t.settings_step_consent(), "/settings/chat", t.settings_step_consent_text()),
        Step::Widget => (t.settings_step_widget(), "/settings/widget", t.settings_step_widget_text()),
        Step::Snippet => (
            t.settings_step_snippet(),
            "/settings/widget",
            page.seen.as_ref().map_or_else(|| t.settings_step_snippet_text(), |(site, _)| t.settings_step_snippet_seen(site)),
        ),
        Step::Online => (t.settings_step_online(), "/console", t.settings_step_online_text(count)),
    };
    let state = if check.done { t.settings_ready_done() } else { t.settings_ready_todo() };
    view! {
        <li class:done=check.done>
            <span class="ready-mark">
                <Icon name=if check.done { "check" } else { "alert" }/>
                <span class="visually-hidden">{state}</span>
            </span>
            <div>
                <a href=href>{name}</a>
                <p class="muted small">{text}</p>
            </div>
        </li>
    }
}
