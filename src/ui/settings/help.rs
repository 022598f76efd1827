//! 헬프센터 → 구성관리 (Default Setting): what customers find in the help centre.

use super::{
    SettingsPage,
    editing::{SaveBar, Work},
    focus::focus_problem,
    stale::{Draft, StaleBanner},
};
use crate::{
    api::settings::{HelpPage, Saved, load_help, save_help},
    domain::{
        service::Language,
        settings::{Company, HelpCentre, RETENTION},
    },
    i18n::Texts,
    ui::{
        kit::{Area, Bound, Field, Switch, facts, texts},
        load::load,
    },
};
use leptos::prelude::*;

/// `/settings/help`
#[component]
pub fn HelpCentrePage() -> impl IntoView {
    let t = texts();
    view! {
        <SettingsPage group=t.settings_help_group() title=t.settings_help() lead=t.settings_help_lead()>
            {load(load_help, |page, _| view! { <Form page/> }.into_any())}
        </SettingsPage>
    }
    .into_any()
}

#[component]
fn Form(page: HelpPage) -> impl IntoView {
    let HelpPage { help, key } = page;
    let t = texts();
    let (draft, work) = (Draft::new(help), Work::new());
    focus_problem(work);
    let done = t.chat_saved();
    let save = Callback::new(move |()| {
        let saving = async |over, value| {
            Ok(match save_help(over, value).await? {
                Saved::Done(page) => Saved::Done(page.help),
                Saved::Stale(page) => Saved::Stale(page.help),
            })
        };
        draft.save(work, saving, done.clone());
    });
    let icon = Bound::part(draft.value, |help| help.icon, |help, on| help.icon = on);
    let inquiry = Bound::part(draft.value, |help| help.inquiry, |help, on| help.inquiry = on);
    let address = facts().map(|f| format!("{}/help/{key}", f.public_url)).unwrap_or_default();
    let company = Line::ALL
        .map(|line| {
            let value = Bound::part(
                draft.value,
                move |help| line.of(&help.company).clone(),
                move |help, text| *line.of_mut(&mut help.company) = text,
            );
            view! {
                <Field
                    id=format!("company-{}", line.field())
                    name=line.field()
                    label=line.label(&t)
                    value
                    problem=work.problem(format!("company.{}", line.field()))
                />
            }
        })
        .collect_view();
    let consent = Language::ALL
        .map(|language| {
            let label = match language {
                Language::Ko => t.chat_in_ko(t.settings_help_consent()),
                Language::En => t.chat_in_en(t.settings_help_consent()),
            };
            let value = Bound::part(
                draft.value,
                move |help| help.consent.own(language).to_owned(),
                move |help, text| match language {
                    Language::Ko => help.consent.ko = text,
                    Language::En => help.consent.en = text,
                },
            );
            let code = language.code();
            view! { <Area id=format!("consent-{code}") label value rows=9 lang=code problem=work.problem(format!("consent.{code}"))/> }
        })
        .collect_view();
    view! {
        <StaleBanner draft work differs on_save=save/>
        <section class="card" aria-labelledby="help-menu">
            <h2 id="help-menu">{t.settings_help_menu()}</h2>
            <p class="small">
                <a href=address.clone() target="_blank" rel="noopener">
                    {address.clone()}
                </a>
            </p>
            <div>
                <Switch label=t.settings_help_icon() value=icon/>
                <p class="hint">{t.settings_help_icon_hint()}</p>
            </div>
            <div>
                <Switch label=t.settings_help_inquiry() value=inquiry/>
                <p class="hint">{t.settings_help_inquiry_hint()}</p>
            </div>
        </section>
        <section class="card" aria-labelledby="help-consent">
            <h2 id="help-consent">{t.settings_help_consent()}</h2>
            <p class="hint">{t.chat_consent_hint(RETENTION)}</p>
            <div class="pair">{consent}</div>
        </section>
        <section class="card" aria-labelledby="help-company">
            <h2 id="help-company">{t.settings_help_company()}</h2>
            <p class="muted small">{t.settings_help_company_text()}</p>
            {company}
        </section>
        <SaveBar dirty=draft.dirty() work on_save=save on_revert=Callback::new(move |()| draft.revert())/>
    }
    .into_any()
}

/// The names of what differs.
fn differs(t: &Texts, one: &HelpCentre, other: &HelpCentre) -> Vec<String> {
    [
        (one.icon != other.icon, t.settings_help_icon()),
        (one.inquiry != other.inquiry, t.settings_help_inquiry()),
        (one.consent != other.consent, t.settings_help_consent()),
    ]
    .into_iter()
    .chain(Line::ALL.map(|line| (line.of(&one.company) != line.of(&other.company), line.label(t))))
    .filter_map(|(differs, name)| differs.then_some(name))
    .collect()
}

/// A line of 회사 정보.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    Name,
    Representative,
    Registration,
    Address,
    Phone,
    Email,
}

impl Line {
    const ALL: [Self; 6] = [Self::Name, Self::Representative, Self::Registration, Self::Address, Self::Phone, Self::Email];

    /// Its name in the form, which the server complains by.
    fn field(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Representative => "representative",
            Self::Registration => "registration",
            Self::Address => "address",
            Self::Phone => "phone",
            Self::Email => "email",
        }
    }

    fn label(self, t: &Texts) -> String {
        match self {
            Self::Name => t.settings_company_name(),
            Self::Representative => t.settings_company_representative(),
            Self::Registration => t.settings_company_registration(),
            Self::Address => t.settings_company_address(),
            Self::Phone => t.settings_company_phone(),
            Self::Email => t.settings_company_email(),
        }
    }

    fn of(self, company: &Company) -> &String {
        match self {
            Self::Name => &company.name,
            Self::Representative => &company.representative,
            Self::Registration => &company.registration,
            Self::Address => &company.address,
            Self::Phone => &company.phone,
            Self::Email => &company.email,
        }
    }

    fn of_mut(self, company: &mut Company) -> &mut String {
        match self {
            Self::Name => &mut company.name,
            Self::Representative => &mut company.representative,
            Self::Registration => &mut company.registration,
            Self::Address => &mut company.address,
            Self::Phone => &mut company.phone,
            Self::Email => &mut company.email,
        }
    }
}
