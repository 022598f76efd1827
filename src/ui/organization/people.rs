//! 사람: everybody with an account, invitations, password resets.

use crate::{
    api::organization::{Link, People, Person, invite_people, list_people, reset_link, set_standing},
    domain::{
        ids::{AccountId, ServiceId},
        permission::Role,
        service::Localized,
    },
    i18n::Texts,
    ui::{
        kit::{
            Area, Bound, Button, ButtonKind, Confirm, Field, Snippet, Switch, facts, texts,
            time::{DayLabel, Time},
        },
        load::load,
        settings::{SettingsPage, editing::Work},
    },
};
use leptos::{ev, prelude::*};

/// `/organization/people`
#[component]
pub fn PeoplePage() -> impl IntoView {
    let t = texts();
    view! {
        <SettingsPage area=t.organization_title() group=t.organization_people() title=t.organization_people() lead=t.organization_people_lead() wide=true>
            {load(list_people, |people, _| view! { <Everybody people/> }.into_any())}
        </SettingsPage>
    }
    .into_any()
}

/// What the cards share.
#[derive(Clone, Copy)]
struct List {
    people: RwSignal<People>,
    work: Work,
    /// Links that were just made, shown this once.
    links: RwSignal<Vec<Link>>,
    asked: RwSignal<Option<Person>>,
    asks: RwSignal<bool>,
}

impl List {
    fn set_standing(self, account: AccountId, owner: bool, deactivated: bool) {
        self.work.run(set_standing(account, owner, deactivated), move |now| self.people.set(now));
    }
}

#[component]
fn Everybody(people: People) -> impl IntoView {
    let t = texts();
    let services = people.services.clone();
    let list = List {
        people: RwSignal::new(people),
        work: Work::new(),
        links: RwSignal::new(Vec::new()),
        asked: RwSignal::new(None),
        asks: RwSignal::new(false),
    };
    let search = RwSignal::new(String::new());
    let found = Memo::new(move |_| {
        let wanted = search.read().trim().to_lowercase();
        let matches = |p: &&Person| p.name.to_lowercase().contains(&wanted) || p.email.contains(&wanted);
        list.people.read().people.iter().filter(matches).map(|p| p.account).collect::<Vec<_>>()
    });
    let nobody = t.settings_seats_nobody();
    let asked = {
        let t = t.clone();
        Signal::derive(move || list.asked.get().map_or_else(String::new, |p| t.organization_deactivate_text(p.name)))
    };
    let deactivate = Callback::new(move |()| {
        list.asks.set(false);
        if let Some(person) = list.asked.get_untracked() {
            list.set_standing(person.account, person.owner, true);
        }
    });
    view! {
        <Links list/>
        <InviteCard list services/>
        <section class="card" aria-labelledby="people-title">
            <div class="toolbar">
                <h2 id="people-title">{t.organization_people()}</h2>
                <Field id="people-search" name="search" label=t.organization_people_search() value=search kind="search"/>
            </div>
            <ul class="lines">
                <For each=move || found.get() key=|account| *account let:account>
                    <Row list account/>
                </For>
            </ul>
            <p class="muted" hidden=move || !found.read().is_empty()>{nobody}</p>
        </section>
        <Waiting list/>
        <Confirm
            id="deactivate"
            open=list.asks
            title=t.organization_deactivate_title()
            text=asked
            confirm=t.organization_deactivate()
            danger=true
            busy=list.work.busy
            on_confirm=deactivate
        />
    }
    .into_any()
}

#[component]
fn InviteCard(list: List, services: Vec<(ServiceId, Localized)>) -> impl IntoView {
    let t = texts();
    let emails = RwSignal::new(String::new());
    let service = RwSignal::new(services.first().map(|(id, _)| *id));
    let admin = RwSignal::new(false);
    let work = Work::new();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let Some(service) = service.get_untracked() else { return };
        let role = if admin.get_untracked() { Role::Admin } else { Role::Agent };
        work.run(
            async move {
                let links = invite_people(emails.get_untracked(), service, role).await?;
                Ok((links, list_people().await?))
            },
            move |(links, now)| {
                list.links.set(links);
                list.people.set(now);
                emails.set(String::new());
            },
        );
    };
    let options = services
        .into_iter()
        .map(|(id, name)| view! { <option value=id.to_string()>{name.get(t.language).to_owned()}</option> })
        .collect_view();
    view! {
        <section class="card" aria-labelledby="invite-title">
            <h2 id="invite-title">{t.organization_invite()}</h2>
            <p class="muted small">{t.organization_invite_text()}</p>
            <form class="form" novalidate on:submit=submit>
                <Area id="invite-emails" label=t.organization_invite_emails() value=emails hint=t.organization_invite_hint() problem=work.problem("emails")/>
                <div class="pair">
                    <div class="field">
                        <label for="invite-service">{t.console_service()}</label>
                        <select
                            id="invite-service"
                            class="input"
                            on:change=move |event| {
                                if let Ok(id) = event_target_value(&event).parse() {
                                    service.set(Some(id));
                                }
                            }
                        >
                            {options}
                        </select>
                    </div>
                    <Switch label=t.organization_invite_admin() value=admin/>
                </div>
                <div>
                    <Button kind=ButtonKind::Main submit=true busy=work.busy>
                        {t.organization_invite_submit()}
                    </Button>
                </div>
            </form>
        </section>
    }
    .into_any()
}

/// The links that were just made: nobody can show them again.
#[component]
fn Links(list: List) -> impl IntoView {
    let t = texts();
    let mail = if facts().is_some_and(|f| f.mail) { t.organization_mail_sent() } else { t.organization_mail_off() };
    let (title, text) = (t.organization_links(), format!("{} {mail}", t.organization_links_text()));
    view! {
        <div role="status" class="links-place">
            {move || {
                let links = list.links.get();
                let (title, text) = (title.clone(), text.clone());
                (!links.is_empty())
                    .then(|| {
                        let code = links.iter().map(|l| format!("{}\n{}", l.email, l.url)).collect::<Vec<_>>().join("\n\n");
                        view! {
                            <section class="card accent">
                                <h2>{title}</h2>
                                <p class="muted small">{text}</p>
                                <Snippet code/>
                            </section>
                        }
                    })
            }}
        </div>
    }
    .into_any()
}

#[component]
fn Row(list: List, account: AccountId) -> impl IntoView {
    let person = Memo::new(move |_| list.people.read().people.iter().find(|p| p.account == account).cloned());
    view! { <li class="line">{move || person.get().map(|person| view! { <Shown list person/> })}</li> }.into_any()
}

#[component]
fn Shown(list: List, person: Person) -> impl IntoView {
    let t = texts();
    let account = person.account;
    let places = places(&t, &list.people.read_untracked().services, &person);
    let owner = Bound {
        get: Signal::derive(move || list.people.read().people.iter().any(|p| p.account == account && p.owner)),
        set: Callback::new({
            let deactivated = person.deactivated;
            move |on| list.set_standing(account, on, deactivated)
        }),
    };
    let reset = move || list.work.run(reset_link(account), move |link| list.links.set(vec![link]));
    let (was_owner, asked) = (person.owner, person.clone());
    let stop = move || {
        list.asked.set(Some(asked.clone()));
        list.asks.set(true);
    };
    let (reset_label, stop_label, activate_label) = (t.organization_reset(), t.organization_deactivate(), t.organization_activate());
    let acts = if person.deactivated {
        let again = move || list.set_standing(account, was_owner, false);
        view! { <Button on_press=Callback::new(move |()| again())>{activate_label}</Button> }.into_any()
    } else {
        view! {
            <Switch label=t.account_owner() value=owner/>
            <Button kind=ButtonKind::Ghost on_press=Callback::new(move |()| reset()) {..} aria-label=t.organization_reset_of(&person.name)>
                {reset_label}
            </Button>
            <Button kind=ButtonKind::Ghost disabled=person.me on_press=Callback::new(move |()| stop()) {..} aria-label=t.organization_deactivate_of(&person.name)>
                {stop_label}
            </Button>
        }
        .into_any()
    };
    view! {
        <div class="line-main">
            <p>
                <b>{person.name}</b> {person.me.then(|| view! { " " <span class="chip">{t.organization_me()}</span> })}
                {person.deactivated.then(|| view! { " " <span class="chip trouble">{t.organization_deactivated()}</span> })}
            </p>
            <p class="muted small">{person.email} " · " {places}</p>
        </div>
        <div class="line-acts">{acts}</div>
    }
    .into_any()
}

/// "데모 스토어 (관리자), 둘째 상점"
fn places(t: &Texts, services: &[(ServiceId, Localized)], person: &Person) -> String {
    let name = |id: &ServiceId| services.iter().find(|(s, _)| s == id).map(|(_, name)| name.get(t.language).to_owned()).unwrap_or_default();
    let places: Vec<String> =
        person.services.iter().map(|(id, role)| if *role == Role::Admin { t.organization_as_admin(name(id)) } else { name(id) }).collect();
    if places.is_empty() { t.organization_no_service() } else { places.join(", ") }
}

/// Who was invited and has not come.
#[component]
fn Waiting(list: List) -> impl IntoView {
    let t = texts();
    let title = t.organization_expected();
    let until = t.organization_expected_until();
    let language = t.language;
    view! {
        {move || {
            let People { expected, services, .. } = list.people.get();
            let (title, until) = (title.clone(), until.clone());
            (!expected.is_empty())
                .then(|| {
                    let rows = expected
                        .into_iter()
                        .map(|e| {
                            let service = services.iter().find(|(id, _)| *id == e.service).map(|(_, n)| n.get(language).to_owned());
                            view! {
                                <li class="line">
                                    <div class="line-main">
                                        <p>{e.email}</p>
                                        <p class="muted small">
                                            {service} " · " {until.clone()} " " <DayLabel at=e.expires_at/> " " <Time at=e.expires_at/>
                                        </p>
                                    </div>
                                </li>
                            }
                        })
                        .collect_view();
                    view! {
                        <section class="card">
                            <h2>{title}</h2>
                            <ul class="lines">{rows}</ul>
                        </section>
                    }
                })
        }}
    }
    .into_any()
}
