//! 변경 기록: who changed what, with before and after.

use crate::{
    api::organization::{ChangeRow, Changes, list_changes},
    ui::{
        kit::{
            Button, EmptyState, Field, texts,
            time::{DayLabel, Time},
        },
        load::load,
        settings::{SettingsPage, editing::Work},
    },
};
use leptos::{ev, prelude::*};

async fn newest() -> Result<Changes, crate::api::ApiError> {
    list_changes(String::new(), None).await
}

/// `/organization/changes`
#[component]
pub fn ChangesPage() -> impl IntoView {
    let t = texts();
    view! {
        <SettingsPage area=t.organization_title() group=t.organization_changes() title=t.organization_changes() lead=t.organization_changes_lead() wide=true>
            {load(newest, |changes, _| view! { <Log changes/> }.into_any())}
        </SettingsPage>
    }
    .into_any()
}

#[component]
fn Log(changes: Changes) -> impl IntoView {
    let t = texts();
    let rows = RwSignal::new(changes.rows);
    let more = RwSignal::new(changes.more);
    let search = RwSignal::new(String::new());
    // What the rows were found by; typing on does not change what "more" continues.
    let found_by = RwSignal::new(String::new());
    let work = Work::new();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let wanted = search.get_untracked();
        work.run(list_changes(wanted.clone(), None), move |found| {
            found_by.set(wanted);
            rows.set(found.rows);
            more.set(found.more);
        });
    };
    let older = Callback::new(move |()| {
        let last = rows.read_untracked().last().map(|row| (row.at, row.id));
        work.run(list_changes(found_by.get_untracked(), last), move |found| {
            rows.update(|rows| rows.extend(found.rows));
            more.set(found.more);
        });
    });
    let (empty, older_label, find) = (t.organization_no_change(), t.organization_older(), t.organization_search());
    view! {
        <form class="toolbar" role="search" on:submit=submit>
            <Field id="changes-search" name="search" label=t.organization_changes_search() value=search kind="search"/>
            <Button submit=true busy=work.busy>{find}</Button>
        </form>
        <section class="card" aria-label=t.organization_changes()>
            {move || {
                let empty = empty.clone();
                rows.read().is_empty().then(|| view! { <EmptyState icon="history" title=empty><p></p></EmptyState> })
            }}
            <ol class="lines">
                <For each=move || rows.get() key=|row| row.id let:row>
                    <Row row/>
                </For>
            </ol>
            {move || {
                let label = older_label.clone();
                more.get().then(|| view! { <Button busy=work.busy on_press=older>{label}</Button> })
            }}
        </section>
    }
    .into_any()
}

#[component]
fn Row(row: ChangeRow) -> impl IntoView {
    let t = texts();
    let kind = match row.kind.as_str() {
        "queue" => t.settings_queues(),
        "rights" => t.organization_kind_rights(),
        "allocation" => t.organization_kind_allocation(),
        "settings" => t.settings_title(),
        "block" => t.acts_blocks(),
        "status" => t.console_status(),
        "canned" => t.canned_title(),
        "category" => t.organization_kind_category(),
        "tag" => t.tickets_tags(),
        "service" => t.organization_contract(),
        "banner" => t.organization_banner(),
        "invitation" => t.organization_invite(),
        "password" => t.organization_reset(),
        _ => t.organization_people(),
    };
    let service = row.service.map(|s| s.get(t.language).to_owned());
    let part = |label: String, text: String| {
        (!text.is_empty()).then(|| {
            view! {
                <dt>{label}</dt>
                <dd>{text}</dd>
            }
        })
    };
    view! {
        <li class="line">
            <div class="line-main">
                <p>
                    <b>{row.subject}</b> " " <span class="chip">{kind}</span>
                </p>
                <p class="muted small">
                    <DayLabel at=row.at/> " " <Time at=row.at/> " · " {row.by} {service.map(|s| format!(" · {s}"))}
                </p>
                <dl class="before-after">{part(t.organization_before(), row.before)} {part(t.organization_after(), row.after)}</dl>
            </div>
        </li>
    }
    .into_any()
}
