//! 상담원 할당 설정 (A17, G12, G13, G16, G18, G25).

use super::{
    super::{
        SettingsPage,
        editing::{SaveBar, Work},
        focus::focus_problem,
        stale::{Draft, StaleBanner},
    },
    choices::{Choice, Choices},
    number::NumberField,
    timings::{RoutingForm, Timing},
};
use crate::{
    api::{
        ApiError, FieldError,
        settings::{Saved, Versioned, load_routing, save_routing},
    },
    domain::settings::{Routing, RoutingMode, Section as _},
    i18n::Texts,
    ui::{
        kit::{Bound, Button, ButtonKind, Switch, texts},
        load::load,
    },
};
use leptos::prelude::*;

/// `/settings/routing`
#[component]
pub fn RoutingPage() -> impl IntoView {
    let t = texts();
    view! {
        <SettingsPage group=t.chat_group() title=t.chat_routing() lead=t.chat_routing_lead()>
            {load(load_routing, |page, _| view! { <Form page/> }.into_any())}
        </SettingsPage>
    }
    .into_any()
}

/// Saves what the form says, unless something in it is out of its range.
async fn save_form(over: u64, form: RoutingForm) -> Result<Saved<Versioned<RoutingForm>>, ApiError> {
    let routing = form.read().checked().map_err(|wrong| ApiError::Invalid(wrong.into_iter().map(FieldError::from).collect()))?;
    Ok(match save_routing(over, routing).await? {
        Saved::Done(page) => Saved::Done(page.map(|routing| RoutingForm::of(&routing))),
        Saved::Stale(page) => Saved::Stale(page.map(|routing| RoutingForm::of(&routing))),
    })
}

#[component]
fn Form(page: Versioned<Routing>) -> impl IntoView {
    let t = texts();
    let draft = Draft::new(page.map(|routing| RoutingForm::of(&routing)));
    let work = Work::new();
    focus_problem(work);
    let (done, filled, defaults_label) = (t.chat_saved(), t.chat_default_filled(), t.chat_defaults());
    let save = Callback::new(move |()| draft.save(work, save_form, done.clone()));
    let defaults = Callback::new(move |()| {
        work.error.set(None);
        draft.value.set(RoutingForm::of(&Routing::default()));
        work.say(filled.clone());
    });
    let form = draft.value;
    let recent_first = Bound::part(form, |f| f.rest.recent_first, |f, on| f.rest.recent_first = on);
    let mode = Bound::part(form, |f| f.rest.mode, |f, mode| f.rest.mode = mode);
    let ticket = Bound::part(form, |f| f.rest.ticket_on_start, |f, on| f.rest.ticket_on_start = on);
    let modes = vec![
        Choice::new(RoutingMode::Assigned, t.chat_mode_assigned()).with(t.chat_mode_assigned_text()),
        Choice::new(RoutingMode::Open, t.chat_mode_open()).with(t.chat_mode_open_text()),
    ];
    let numbers = move |timings: &[Timing]| timings.iter().map(|timing| number(*timing, form, work)).collect_view();
    view! {
        <StaleBanner draft work differs on_save=save/>
        <section class="card" aria-labelledby="routing-assign">
            <h2 id="routing-assign">{t.chat_assign()}</h2>
            <Choices name="mode" label=t.chat_mode() choices=modes value=mode/>
            {numbers(&[Timing::Offer])}
            <div class="number">
                <div class="number-words">
                    <Switch label=t.chat_recent_first() value=recent_first/>
                    <p class="hint">{t.chat_recent_first_text()}</p>
                </div>
            </div>
            {numbers(&[Timing::RecentDays])}
        </section>
        <section class="card" aria-labelledby="routing-gone">
            <h2 id="routing-gone">{t.chat_gone()}</h2>
            {numbers(&[Timing::GoneOffer, Timing::GoneWarn, Timing::GoneRequeue])}
        </section>
        <section class="card" aria-labelledby="routing-silent">
            <h2 id="routing-silent">{t.chat_silent()}</h2>
            {numbers(&[Timing::IdleAsk, Timing::IdleEnd, Timing::EndedClose, Timing::AwayEnd])}
        </section>
        <section class="card" aria-labelledby="routing-nobody">
            <h2 id="routing-nobody">{t.chat_nobody()}</h2>
            {numbers(&[Timing::Absent])}
        </section>
        <section class="card" aria-labelledby="routing-ticket">
            <h2 id="routing-ticket">{t.chat_ticket()}</h2>
            <div>
                <Switch label=t.chat_ticket_on_start() value=ticket/>
                <p class="hint">{t.chat_ticket_on_start_text()}</p>
            </div>
        </section>
        <div>
            <Button kind=ButtonKind::Ghost on_press=defaults>
                {defaults_label}
            </Button>
        </div>
        <SaveBar dirty=draft.dirty() work on_save=save on_revert=Callback::new(move |()| draft.revert())/>
    }
    .into_any()
}

fn number(timing: Timing, form: RwSignal<RoutingForm>, work: Work) -> impl IntoView + use<> {
    let t = texts();
    let (field, range) = timing.rule();
    let value = Bound::part(form, move |f| f.typed(timing).to_owned(), move |f, typed| f.set(timing, typed));
    view! { <NumberField id=field label=timing.label(&t) text=timing.text(&t) unit=timing.unit(&t) range value problem=work.problem(field)/> }
}

/// The names of what differs.
fn differs(t: &Texts, one: &RoutingForm, other: &RoutingForm) -> Vec<String> {
    let rest = [
        (one.rest.mode != other.rest.mode, t.chat_mode()),
        (one.rest.recent_first != other.rest.recent_first, t.chat_recent_first()),
        (one.rest.ticket_on_start != other.rest.ticket_on_start, t.chat_ticket_on_start()),
    ];
    let rest = rest.into_iter().filter_map(|(differs, name)| differs.then_some(name));
    rest.chain(Timing::ALL.into_iter().filter(|n| one.typed(*n) != other.typed(*n)).map(|n| n.label(t))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::service::Language;

    #[test]
    fn differences_are_named() {
        let one = RoutingForm::of(&Routing::default());
        let other = RoutingForm::of(&Routing { mode: RoutingMode::Open, absent_minutes: 0, ..Routing::default() });
        assert_eq!(differs(&Texts::of(Language::Ko), &one, &other), ["배정 방식", "1:1 문의로 돌리기"]);
    }
}
