//! 채팅 티켓 담당자 (G1, A83, A84): to whom the tickets of one's own chats go.

use crate::{
    api::tickets::{AssignPage, load_assign, save_assign},
    domain::ticket::Assign,
    ui::{
        kit::{Button, ButtonKind, texts},
        load::load,
        settings::{SettingsPage, editing::Work},
    },
};
use leptos::{ev, prelude::*};

/// `/account/tickets`
#[component]
pub fn TicketAssignPage() -> impl IntoView {
    let t = texts();
    view! {
        <SettingsPage area=t.console_nav_account() group=t.account_my_account() title=t.tickets_assign() lead=t.tickets_assign_lead()>
            {load(load_assign, |page, _| view! { <Form page/> }.into_any())}
        </SettingsPage>
    }
    .into_any()
}

#[component]
fn Form(page: AssignPage) -> impl IntoView {
    let t = texts();
    let AssignPage { value, agents, may_have } = page;
    let (chosen, stored) = (RwSignal::new(value), RwSignal::new(value));
    let work = Work::new();
    let done = t.tickets_assign_saved();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let done = done.clone();
        work.run(save_assign(chosen.get_untracked()), move |page| {
            stored.set(page.value);
            work.say(done);
        });
    };
    let first = agents.first().map(|one| one.account);
    let named = move || matches!(chosen.get(), Assign::Agent(_));
    let options = agents
        .into_iter()
        .map(|one| {
            let to = Assign::Agent(one.account);
            view! { <option value=one.account.to_string() prop:selected=move || chosen.get() == to selected=chosen.get_untracked() == to>{one.name}</option> }
        })
        .collect_view();
    let choose = move |event| {
        if let Ok(account) = event_target_value(&event).parse() {
            chosen.set(Assign::Agent(account));
        }
    };
    let radio = move |label: String, on: Signal<bool>, pick: Option<Assign>| {
        view! {
            <label class="radio">
                <input
                    type="radio"
                    name="assign"
                    checked=on.get_untracked()
                    prop:checked=on
                    disabled=pick.is_none()
                    on:change=move |_| {
                        if let Some(pick) = pick {
                            chosen.set(pick);
                        }
                    }
                />
                <span>{label}</span>
            </label>
        }
    };
    let problem = work.problem("agent");
    view! {
        <form class="form card" novalidate on:submit=submit>
            <fieldset class="field radios">
                <legend>{t.tickets_assign()}</legend>
                {radio(t.tickets_assign_me(), Signal::derive(move || chosen.get() == Assign::Me), Some(Assign::Me))}
                {radio(t.tickets_assign_agent(), Signal::derive(named), first.map(Assign::Agent))}
                <select class="input" aria-label=t.tickets_assign_agent() hidden=move || !named() on:change=choose>
                    {options}
                </select>
                <p class="problem" role="alert" hidden=move || problem.read().is_none()>{problem}</p>
                {radio(t.tickets_assign_nobody(), Signal::derive(move || chosen.get() == Assign::Nobody), Some(Assign::Nobody))}
            </fieldset>
            {(!may_have).then(|| view! { <p class="hint">{t.tickets_assign_no_right()}</p> })}
            <div>
                <Button kind=ButtonKind::Main submit=true busy=work.busy disabled=Signal::derive(move || chosen.get() == stored.get())>
                    {t.settings_save()}
                </Button>
            </div>
        </form>
    }
    .into_any()
}
