//! 할당 제어 (A7, G10): who gets chats, and who may change that himself.

use super::{
    SettingsPage,
    editing::{SaveBar, Work},
};
use crate::{
    api::members::{Allocate, MemberRow, list_members, set_allocation},
    domain::{
        ids::AccountId,
        permission::{Allocation, Right},
    },
    i18n::Texts,
    ui::{
        kit::{Bound, Field, Icon, Switch, texts},
        load::load,
    },
};
use leptos::prelude::*;
use std::collections::BTreeSet;

/// `/settings/allocation`
#[component]
pub fn AllocationPage() -> impl IntoView {
    let t = texts();
    view! {
        <SettingsPage group=t.people_group() title=t.people_allocation() lead=t.people_allocation_lead()>
            {load(list_members, |rows, _| view! { <Switches rows/> }.into_any())}
        </SettingsPage>
    }
    .into_any()
}

/// One of the two columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    On,
    Own,
}

impl Column {
    const ALL: [Self; 2] = [Self::On, Self::Own];

    fn name(self, t: &Texts) -> String {
        match self {
            Self::On => t.people_allocation_on(),
            Self::Own => t.people_allocation_own(),
        }
    }

    fn of(self, allocation: Allocation) -> bool {
        match self {
            Self::On => allocation.on,
            Self::Own => allocation.own,
        }
    }

    fn set(self, allocation: &mut Allocation, on: bool) {
        match self {
            Self::On => allocation.on = on,
            Self::Own => allocation.own = on,
        }
    }
}

/// An agent's switches, beside what is stored of them.
#[derive(Clone, Copy)]
struct Line {
    account: AccountId,
    stored: RwSignal<Allocation>,
    draft: RwSignal<Allocation>,
}

impl Line {
    fn changed(self) -> bool {
        self.draft.get() != self.stored.get()
    }
}

#[component]
fn Switches(rows: Vec<MemberRow>) -> impl IntoView {
    let t = texts();
    // Who cannot sign in gets nothing anyway.
    let rows: Vec<MemberRow> = rows.into_iter().filter(|m| !m.deactivated).collect();
    let lines: Vec<Line> =
        rows.iter().map(|m| Line { account: m.account, stored: RwSignal::new(m.allocation), draft: RwSignal::new(m.allocation) }).collect();
    let lines = StoredValue::new(lines);
    let changes = Memo::new(move |_| lines.with_value(|all| all.iter().filter(|line| line.changed()).count()));
    let work = Work::new();
    let done = t.people_allocation_saved();
    let save = Callback::new(move |()| {
        let changed = |line: &&Line| line.draft.get_untracked() != line.stored.get_untracked();
        let as_wanted = |line: &Line| {
            let (was, now) = (line.stored.get_untracked(), line.draft.get_untracked());
            Allocate { account: line.account, on: (now.on != was.on).then_some(now.on), own: (now.own != was.own).then_some(now.own) }
        };
        let changes = lines.with_value(|all| all.iter().filter(changed).map(as_wanted).collect());
        let done = done.clone();
        work.run(set_allocation(changes), move |rows| {
            for line in lines.get_value() {
                if let Some(now) = rows.iter().find(|m| m.account == line.account) {
                    line.stored.set(now.allocation);
                    line.draft.set(now.allocation);
                }
            }
            work.say(done);
        });
    });
    let revert = Callback::new(move |()| lines.get_value().into_iter().for_each(|line| line.draft.set(line.stored.get_untracked())));
    let search = RwSignal::new(String::new());
    let said = {
        let t = t.clone();
        move || (changes.get() > 0).then(|| t.people_allocation_changes(changes.get()))
    };
    view! {
        <div class="card explained">
            <dl>
                <dt>{t.people_allocation_on()}</dt>
                <dd>{t.people_allocation_on_text()}</dd>
                <dt>{t.people_allocation_own()}</dt>
                <dd>{t.people_allocation_own_text()}</dd>
            </dl>
            <p class="muted small">{t.people_allocation_no_right()}</p>
        </div>
        <div class="toolbar">
            <Field id="allocation-search" name="search" label=t.people_search() value=search kind="search"/>
            <p class="muted small" aria-live="polite">
                {said}
            </p>
        </div>
        <Table rows lines search/>
        <SaveBar dirty=Signal::derive(move || changes.get() > 0) work on_save=save on_revert=revert/>
    }
    .into_any()
}

#[component]
fn Table(rows: Vec<MemberRow>, lines: StoredValue<Vec<Line>>, search: RwSignal<String>) -> impl IntoView {
    let t = texts();
    let people: Vec<(AccountId, String)> = rows.iter().map(|m| (m.account, format!("{}\n{}", m.name, m.email).to_lowercase())).collect();
    let found = Memo::new(move |_| {
        let wanted = search.read().trim().to_lowercase();
        people.iter().filter(|(_, words)| words.contains(&wanted)).map(|(account, _)| *account).collect::<BTreeSet<_>>()
    });
    let shown = move || lines.with_value(|all| all.iter().copied().filter(|line| found.read().contains(&line.account)).collect::<Vec<_>>());
    let all = Column::ALL
        .map(|column| {
            let value = Bound {
                get: Signal::derive(move || {
                    let shown = shown();
                    !shown.is_empty() && shown.into_iter().all(|line| column.of(line.draft.get()))
                }),
                set: Callback::new(move |on| {
                    for line in untrack(shown) {
                        line.draft.update(|a| column.set(a, on));
                    }
                }),
            };
            view! {
                <td>
                    <Switch label=t.people_allocation_cell(t.people_allocation_all(), column.name(&t)) value bare=true/>
                </td>
            }
        })
        .collect_view();
    let body = rows.into_iter().zip(lines.get_value()).map(|(member, line)| view! { <Row member line found/> }).collect_view();
    view! {
        <div class="table-place" tabindex="0" role="region" aria-label=t.people_allocation()>
            <table class="table allocation">
                <thead>
                    <tr>
                        <th scope="col">{t.people_agents()}</th>
                        {Column::ALL.map(|column| view! { <th scope="col">{column.name(&t)}</th> }).collect_view()}
                    </tr>
                </thead>
                <tbody>
                    <tr class="all" hidden=move || found.read().is_empty()>
                        <th scope="row">{t.people_allocation_all()}</th>
                        {all}
                    </tr>
                    {body}
                </tbody>
            </table>
        </div>
        <p class="muted" hidden=move || !found.read().is_empty()>
            {t.people_nobody()}
        </p>
    }
    .into_any()
}

#[component]
fn Row(member: MemberRow, line: Line, found: Memo<BTreeSet<AccountId>>) -> impl IntoView {
    let t = texts();
    let MemberRow { account, name, email, profile, .. } = member;
    let cells = Column::ALL
        .map(|column| {
            let value = Bound::part(line.draft, move |a| column.of(*a), move |a, on| column.set(a, on));
            view! {
                <td>
                    <Switch label=t.people_allocation_cell(&name, column.name(&t)) value bare=true/>
                </td>
            }
        })
        .collect_view();
    view! {
        <tr hidden=move || !found.read().contains(&account) class:changed=move || line.changed()>
            <th scope="row">
                <div class="named">
                    <span>{name}</span>
                    {(!profile.rights.contains(&Right::Chat))
                        .then(|| {
                            view! {
                                <a class="chip waiting" href=format!("/settings/agents/{account}")>
                                    <Icon name="alert" size=12/>
                                    {t.people_chat_missing()}
                                </a>
                            }
                        })}
                </div>
                <span class="muted small">{email}</span>
            </th>
            {cells}
        </tr>
    }
    .into_any()
}
