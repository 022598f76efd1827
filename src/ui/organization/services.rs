//! 서비스와 계약 상세 내역 (A1, A2, A61a, G23).

use super::banner::Banner;
use crate::{
    api::organization::{NewService, ServiceEdit, ServiceRow, create_service, list_services, save_service},
    domain::{
        ids::ServiceId,
        service::{Contract, Language, Localized},
    },
    ui::{
        kit::{Bound, Button, ButtonKind, Field, Switch, texts},
        load::load,
        settings::{
            SettingsPage,
            editing::{NameFields, Work},
        },
    },
};
use leptos::{ev, prelude::*};

/// `/organization/services`
#[component]
pub fn ServicesPage() -> impl IntoView {
    let t = texts();
    view! {
        <SettingsPage area=t.organization_title() group=t.organization_services() title=t.organization_services() lead=t.organization_services_lead()>
            {load(list_services, |rows, _| view! { <Services rows/> }.into_any())}
        </SettingsPage>
    }
    .into_any()
}

#[component]
fn Services(rows: Vec<ServiceRow>) -> impl IntoView {
    let t = texts();
    let rows = RwSignal::new(rows);
    let open = RwSignal::new(None::<ServiceId>);
    view! {
        <section class="card" aria-labelledby="services-title">
            <h2 id="services-title">{t.organization_services()}</h2>
            <ul class="lines">
                <For each=move || rows.get() key=|row| row.service.id let:row>
                    <Row rows open id=row.service.id/>
                </For>
            </ul>
        </section>
        <NewServiceCard rows/>
    }
    .into_any()
}

#[component]
fn Row(rows: RwSignal<Vec<ServiceRow>>, open: RwSignal<Option<ServiceId>>, id: ServiceId) -> impl IntoView {
    let row = Memo::new(move |_| rows.read().iter().find(|r| r.service.id == id).cloned());
    let editing = Memo::new(move |_| open.get() == Some(id));
    // A form keeps what is typed in it, whatever its picture or another service becomes.
    view! {
        <li class="line">
            {move || {
                Some(if editing.get() {
                    let row = row.get_untracked()?;
                    view! { <Edit rows open row/> }.into_any()
                } else {
                    let row = row.get()?;
                    view! { <Shown open row/> }.into_any()
                })
            }}
        </li>
    }
    .into_any()
}

#[component]
fn Shown(open: RwSignal<Option<ServiceId>>, row: ServiceRow) -> impl IntoView {
    let t = texts();
    let ServiceRow { service, members, mine, .. } = row;
    let id = service.id;
    let name = service.name.get(t.language).to_owned();
    let languages: Vec<String> = service.languages.iter().map(|l| language_name(&t, *l)).collect();
    let label = t.organization_contract();
    let chip = |on: bool, label: String, off: String| {
        let class = if on { "chip active" } else { "chip" };
        view! { <span class=class>{if on { label } else { off }}</span> }
    };
    view! {
        <div class="line-main">
            <p>
                <b>{name.clone()}</b> " " <span class="muted">{service.key}</span>
            </p>
            <p class="muted small">
                {t.organization_service_facts(members, service.zone)} " · " {languages.join(", ")} {mine.then(|| format!(" · {}", t.organization_mine()))}
            </p>
        </div>
        <div class="chips">
            {chip(service.contract.chat, t.organization_chat_on(), t.organization_chat_off())}
            {chip(service.contract.security, t.organization_security_on(), t.organization_security_off())}
        </div>
        <Button on_press=Callback::new(move |()| open.set(Some(id))) {..} aria-label=t.organization_contract_of(name)>
            {label}
        </Button>
    }
    .into_any()
}

fn language_name(t: &crate::i18n::Texts, language: Language) -> String {
    match language {
        Language::Ko => t.common_language_ko(),
        Language::En => t.common_language_en(),
    }
}

/// The fields that a new service and a changed one have alike.
#[component]
fn ServiceFields(
    /// Prefix of the ids; unique in the document.
    id: &'static str,
    edit: RwSignal<ServiceEdit>,
    work: Work,
) -> impl IntoView {
    let t = texts();
    let name = RwSignal::new(edit.read_untracked().name.clone());
    Effect::new(move |_| edit.update(|e| e.name = name.get()));
    let languages = Language::ALL
        .into_iter()
        .map(|language| {
            let value = Bound::part(
                edit,
                move |e| e.languages.contains(&language),
                move |e, on| {
                    e.languages.retain(|l| *l != language);
                    if on {
                        e.languages.push(language);
                    }
                },
            );
            view! { <Switch label=language_name(&t, language) value/> }
        })
        .collect_view();
    let languages_problem = work.problem("languages");
    view! {
        <NameFields id=id name work/>
        <div class="pair">
            <Field
                id=format!("{id}-zone")
                name="zone"
                label=t.organization_zone()
                value=Bound::part(edit, |e| e.zone.clone(), |e, zone| e.zone = zone)
                hint=t.organization_zone_hint()
                problem=work.problem("zone")
            />
            <fieldset class="plain">
                <legend>{t.organization_languages()}</legend>
                <div class="choices">{languages}</div>
                <p class="hint">{t.organization_languages_hint()}</p>
                <p class="problem" hidden=move || languages_problem.read().is_none()>{move || languages_problem.get()}</p>
            </fieldset>
        </div>
        <fieldset class="plain">
            <legend>{t.organization_contract()}</legend>
            <Switch
                label=t.organization_option_chat()
                value=Bound::part(edit, |e| e.contract.chat, |e, chat| e.contract.chat = chat)
            />
            <p class="hint">{t.organization_option_chat_hint()}</p>
            <Switch
                label=t.organization_option_security()
                value=Bound::part(edit, |e| e.contract.security, |e, security| e.contract.security = security)
            />
            <p class="hint">{t.organization_option_security_hint()}</p>
        </fieldset>
    }
    .into_any()
}

#[component]
fn Edit(rows: RwSignal<Vec<ServiceRow>>, open: RwSignal<Option<ServiceId>>, row: ServiceRow) -> impl IntoView {
    let t = texts();
    let id = row.service.id;
    let was = ServiceEdit::of(&row.service);
    let edit = RwSignal::new(was.clone());
    let work = Work::new();
    let done = t.organization_saved();
    let banner_name = row.service.name.get(t.language).to_owned();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let done = done.clone();
        work.run(save_service(id, was.clone(), edit.get_untracked()), move |now| {
            rows.set(now);
            open.set(None);
            work.say(done);
        });
    };
    let (cancel, save) = (t.common_cancel(), t.settings_save());
    view! {
        <form class="form line-main" novalidate on:submit=submit>
            <p>
                <b>{row.service.key}</b>
            </p>
            <ServiceFields id="service" edit work/>
            <div class="answers">
                <Button on_press=Callback::new(move |()| open.set(None))>{cancel}</Button>
                <Button kind=ButtonKind::Main submit=true busy=work.busy>
                    {save}
                </Button>
            </div>
            <Banner rows id name=banner_name/>
        </form>
    }
    .into_any()
}

#[component]
fn NewServiceCard(rows: RwSignal<Vec<ServiceRow>>) -> impl IntoView {
    let t = texts();
    let blank = || ServiceEdit {
        name: Localized::default(),
        zone: "Asia/Seoul".to_owned(),
        languages: Language::ALL.to_vec(),
        contract: Contract { chat: true, security: false },
    };
    let edit = RwSignal::new(blank());
    let key = RwSignal::new(String::new());
    let join = RwSignal::new(true);
    // Drawn anew after each service that was made.
    let round = RwSignal::new(0_u32);
    let work = Work::new();
    let made = t.organization_service_made();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let ServiceEdit { name, zone, languages, contract } = edit.get_untracked();
        let form = NewService { key: key.get_untracked().trim().to_owned(), name, zone, languages, contract, join: join.get_untracked() };
        let made = made.clone();
        work.run(create_service(form), move |now| {
            rows.set(now);
            key.set(String::new());
            edit.set(blank());
            round.update(|n| *n += 1);
            work.say(made);
        });
    };
    view! {
        <section class="card" aria-labelledby="new-service-title">
            <h2 id="new-service-title">{t.organization_new_service()}</h2>
            <form class="form" novalidate on:submit=submit>
                <Field
                    id="new-service-key"
                    name="key"
                    label=t.setup_service_key()
                    value=key
                    autocomplete="off"
                    hint=t.setup_service_key_hint()
                    problem=work.problem("key")
                />
                {move || {
                    round.track();
                    view! { <ServiceFields id="new-service" edit work/> }
                }}
                <Switch label=t.organization_join() value=join/>
                <div>
                    <Button kind=ButtonKind::Main submit=true busy=work.busy>
                        {t.organization_new_service()}
                    </Button>
                </div>
            </form>
        </section>
    }
    .into_any()
}
