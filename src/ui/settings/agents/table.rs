//! The list of people.

use super::{
    Team, Within,
    bulk::Bulk,
    link_id,
    words::{queue_names, right_name, role_name},
};
use crate::{
    api::members::MemberRow,
    domain::{
        ids::AccountId,
        permission::{Right, Role},
    },
    ui::kit::{Field, texts},
};
use leptos::prelude::*;
use std::collections::BTreeSet;

#[component]
pub fn Table(team: Team) -> impl IntoView {
    let t = texts();
    let found = Memo::new(move |_| found(&team.members.read(), &team.search.read()));
    let all_chosen = Memo::new(move |_| !found.read().is_empty() && found.read().is_subset(&team.chosen.read()));
    let choose_all = move |_| {
        let all = all_chosen.get_untracked();
        team.chosen.update(|chosen| {
            for account in found.get_untracked() {
                if all {
                    chosen.remove(&account);
                } else {
                    chosen.insert(account);
                }
            }
        });
    };
    let count = {
        let t = t.clone();
        move || t.people_found(found.read().len())
    };
    view! {
        <div class="toolbar">
            <Field id="agents-search" name="search" label=t.people_search() value=team.search kind="search"/>
            <p class="muted small" aria-live="polite">
                {count}
            </p>
        </div>
        <div class="table-place" tabindex="0" role="region" aria-label=t.people_agents()>
            <table class="table people">
                <thead>
                    <tr>
                        <th scope="col" class="tick">
                            <label>
                                <input type="checkbox" aria-label=t.people_choose_all() prop:checked=all_chosen on:change=choose_all/>
                            </label>
                        </th>
                        <th scope="col">{t.people_column_name()}</th>
                        <th scope="col">{t.people_role()}</th>
                        <th scope="col">{t.people_column_rights()}</th>
                        <th scope="col" class="number">
                            {t.people_chats_at_once()}
                        </th>
                        <th scope="col">{t.people_column_queues()}</th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || team.members.get() key=|member| member.account let:member>
                        <Row team account=member.account found/>
                    </For>
                </tbody>
            </table>
        </div>
        <p class="muted" hidden=move || !found.read().is_empty()>
            {t.people_nobody()}
        </p>
        <Bulk team found/>
    }
    .into_any()
}

#[component]
fn Row(team: Team, account: AccountId, found: Memo<BTreeSet<AccountId>>) -> impl IntoView {
    let t = texts();
    let member = Memo::new(move |_| team.members.read().iter().find(|m| m.account == account).cloned());
    let shown = Memo::new(move |_| found.read().contains(&account));
    let chosen = Memo::new(move |_| team.chosen.read().contains(&account));
    let unsaved = Memo::new(move |_| team.drafts.read().contains_key(&account));
    let name = member.get_untracked().map(|m| m.name).unwrap_or_default();
    let choose = move |event| {
        let on = event_target_checked(&event);
        team.chosen.update(|chosen| {
            if on {
                chosen.insert(account);
            } else {
                chosen.remove(&account);
            }
        });
    };
    view! {
        <tr hidden=move || !shown.get() class:chosen=chosen>
            <td class="tick">
                <label>
                    <input type="checkbox" aria-label=t.people_choose(&name) prop:checked=chosen on:change=choose/>
                </label>
            </td>
            {move || member.get().map(|member| view! { <Cells member unsaved/> })}
        </tr>
    }
    .into_any()
}

#[component]
fn Cells(member: MemberRow, unsaved: Memo<bool>) -> impl IntoView {
    let t = texts();
    let MemberRow { account, name, email, owner, deactivated, me, profile, queues, .. } = member;
    let unsaved_label = t.people_unsaved();
    let idle = queues.is_empty();
    let rights = if profile.rights.len() == Right::ALL.len() {
        view! { <span class="chip">{t.people_all_rights()}</span> }.into_any()
    } else if profile.rights.is_empty() {
        view! { <span class="muted">{t.people_no_right()}</span> }.into_any()
    } else {
        profile.rights.iter().map(|right| view! { <li class="chip">{right_name(&t, *right)}</li> }).collect_view().into_any()
    };
    let rights = if profile.rights.len() == Right::ALL.len() || profile.rights.is_empty() {
        rights
    } else {
        view! { <ul class="chips">{rights}</ul> }.into_any()
    };
    view! {
        <th scope="row">
            <div class="named">
                <Within href=format!("/settings/agents/{account}") id=link_id(account)>
                    {name}
                </Within>
                {me.then(|| view! { <span class="muted small">{t.people_me()}</span> })}
                {deactivated.then(|| view! { <span class="chip trouble">{t.people_deactivated()}</span> })}
                {move || unsaved.get().then(|| view! { <span class="chip waiting">{unsaved_label.clone()}</span> })}
            </div>
            <span class="muted small">{email}</span>
        </th>
        <td>
            <div class="chips">
                <span class="chip" class:mark=profile.role == Role::Admin>
                    {role_name(&t, profile.role)}
                </span>
                {owner.then(|| view! { <span class="chip">{t.people_owner()}</span> })}
            </div>
        </td>
        <td>{rights}</td>
        <td class="number">{profile.chats_at_once}</td>
        <td class="queues" class:muted=idle>
            {queue_names(&t, &queues)}
        </td>
    }
    .into_any()
}

/// Those whose name, address or nickname has what is searched.
fn found(members: &[MemberRow], search: &str) -> BTreeSet<AccountId> {
    let wanted = search.trim().to_lowercase();
    let has = |text: &str| text.to_lowercase().contains(&wanted);
    members.iter().filter(|m| has(&m.name) || has(&m.email) || has(&m.profile.nickname)).map(|m| m.account).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::permission::{Allocation, Profile};
    use uuid::Uuid;

    #[test]
    fn people_are_found_by_name_address_and_nickname() {
        let person = |n: u128, name: &str, email: &str, nickname: &str| MemberRow {
            account: AccountId(Uuid::from_u128(n)),
            name: name.into(),
            email: email.into(),
            owner: false,
            deactivated: false,
            me: false,
            profile: Profile { role: Role::Agent, rights: BTreeSet::new(), nickname: nickname.into(), chats_at_once: 5 },
            allocation: Allocation { on: true, own: true },
            queues: Vec::new(),
        };
        let all = [person(1, "김상담", "kim@a.example", ""), person(2, "이상담", "LEE@a.example", "Dam")];
        let numbers = |search: &str| found(&all, search).into_iter().map(|a| a.0.as_u128()).collect::<Vec<_>>();
        assert_eq!(numbers("상담"), [1, 2]);
        assert_eq!(numbers(" lee "), [2]);
        assert_eq!(numbers("dam"), [2]);
        assert_eq!(numbers("박"), [0; 0]);
    }
}
