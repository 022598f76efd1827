//! One person's form: role, rights, and how he serves.

use super::{
    PERSON_TITLE, Team, Within,
    draft::Draft,
    words::{differences, queue_names, right_name, right_text, role_name, role_text},
};
use crate::{
    api::{
        ApiError,
        members::{MemberRow, list_members, save_member},
    },
    domain::{
        ids::AccountId,
        permission::{Profile, Right, Role},
        service::Rule,
    },
    ui::{
        kit::{Bound, Confirm, EmptyState, Field, texts},
        session::go,
        settings::{
            editing::{SaveBar, Work},
            stale::StaleNotice,
        },
    },
};
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn Person(team: Team, account: Option<AccountId>) -> impl IntoView {
    let t = texts();
    let member = account.and_then(|id| team.members.read_untracked().iter().find(|m| m.account == id).cloned());
    match member {
        Some(member) => view! { <Form team member/> }.into_any(),
        None => view! {
            <Title text=t.people_agents()/>
            <EmptyState icon="search" title=t.people_unknown() heading=true>
                <p>
                    <Within href="/settings/agents".to_owned()>{t.people_back()}</Within>
                </p>
            </EmptyState>
        }
        .into_any(),
    }
}

/// What the form's parts share.
#[derive(Clone, Copy)]
struct Editing {
    team: Team,
    account: AccountId,
    me: bool,
    draft: RwSignal<Draft>,
    work: Work,
    /// What somebody else has stored meanwhile.
    theirs: RwSignal<Option<Profile>>,
    asks_own_role: RwSignal<bool>,
}

impl Editing {
    /// Saves what is typed over `was`.
    fn save_over(self, was: Profile, confirmed: bool) {
        let profile = match self.draft.read_untracked().profile() {
            Ok(profile) => profile,
            Err(error) => return self.work.error.set(Some(error)),
        };
        let leaves = self.me && was.role == Role::Admin && profile.role != Role::Admin;
        if leaves && !confirmed {
            return self.asks_own_role.set(true);
        }
        self.asks_own_role.set(false);
        let (account, said) = (self.account, texts().people_saved());
        self.work.run(
            async move {
                match save_member(account, was, profile).await {
                    // No failure: the page has something to show, and to ask.
                    Err(ApiError::Rule(Rule::Stale)) => list_members().await.map(|rows| (rows, true)),
                    other => other.map(|rows| (rows, false)),
                }
            },
            move |(rows, stale)| {
                self.team.members.set(rows);
                let stored = self.team.profile(account);
                if stale {
                    self.theirs.set(stored);
                } else {
                    self.start_from(stored);
                    if leaves {
                        go("/console");
                    } else {
                        self.work.say(said);
                    }
                }
            },
        );
    }

    fn save(self, confirmed: bool) {
        // Beside the question what is stored is known already.
        let was = self.theirs.get_untracked().filter(|_| confirmed).unwrap_or_else(|| self.draft.read_untracked().was.clone());
        self.save_over(was, confirmed);
    }

    fn start_from(self, stored: Option<Profile>) {
        self.theirs.set(None);
        self.work.error.set(None);
        if let Some(stored) = stored {
            self.draft.set(Draft::new(stored));
        }
    }
}

#[component]
fn Form(team: Team, member: MemberRow) -> impl IntoView {
    let t = texts();
    let account = member.account;
    let kept = team.drafts.try_update(|drafts| drafts.remove(&account)).flatten();
    let editing = Editing {
        team,
        account,
        me: member.me,
        draft: RwSignal::new(kept.unwrap_or_else(|| Draft::new(member.profile.clone()))),
        work: Work::new(),
        theirs: RwSignal::new(None),
        asks_own_role: RwSignal::new(false),
    };
    let draft = editing.draft;
    on_cleanup(move || {
        if let Some(left) = draft.try_get_untracked().filter(Draft::dirty) {
            let _ = team.drafts.try_update(|drafts| drafts.insert(account, left));
        }
    });
    let dirty = Memo::new(move |_| draft.read().dirty());
    let queues = queue_names(&t, &member.queues);
    view! {
        <Head member/>
        <Theirs editing/>
        <RoleCard editing/>
        <Rights editing/>
        <section class="card" aria-labelledby="serving-title">
            <h2 id="serving-title">{t.people_serving()}</h2>
            <div class="pair">
                <Field
                    id="person-nickname"
                    name="nickname"
                    label=t.people_nickname()
                    hint=t.people_nickname_hint()
                    value=Bound::part(draft, |d| d.now.nickname.clone(), |d, nickname| d.now.nickname = nickname)
                    problem=editing.work.problem("nickname")
                />
                <Field
                    id="person-chats"
                    name="chats"
                    kind="number"
                    label=t.people_chats_at_once()
                    hint=t.people_chats_at_once_hint()
                    value=Bound::part(draft, |d| d.chats.clone(), |d, chats| d.chats = chats)
                    problem=editing.work.problem("chats_at_once")
                />
            </div>
            <p class="small muted">
                {t.people_queues_of()} ": " {queues} " · "
                <a href="/settings/seats">{t.people_queues_change()}</a>
            </p>
        </section>
        <SaveBar
            dirty
            area="/settings/agents"
            work=editing.work
            on_save=Callback::new(move |()| editing.save(false))
            on_revert=Callback::new(move |()| editing.start_from(team.profile(account)))
        />
        <Confirm
            id="own-role"
            open=editing.asks_own_role
            title=t.people_own_role()
            text=t.people_own_role_text()
            confirm=t.people_own_role_confirm()
            danger=true
            busy=editing.work.busy
            on_confirm=Callback::new(move |()| editing.save(true))
        />
    }
    .into_any()
}

#[component]
fn Head(member: MemberRow) -> impl IntoView {
    let t = texts();
    let MemberRow { name, email, owner, deactivated, me, .. } = member;
    let list = t.people_agents();
    view! {
        <Title text=name.clone()/>
        <header class="page-head">
            <div>
                <p class="small muted">
                    {t.settings_title()} " › " {t.people_group()} " › " <Within href="/settings/agents".to_owned()>{list}</Within>
                </p>
                <h1 id=PERSON_TITLE tabindex="-1">
                    {name}
                </h1>
                <div class="named">
                    <span class="muted">{email}</span>
                    {me.then(|| view! { <span class="chip">{t.people_me()}</span> })}
                    {owner.then(|| view! { <span class="chip">{t.people_owner()}</span> })}
                    {deactivated.then(|| view! { <span class="chip trouble">{t.people_deactivated()}</span> })}
                </div>
            </div>
        </header>
    }
    .into_any()
}

/// Somebody else saved the same person: what differs now, and whose goes on.
#[component]
fn Theirs(editing: Editing) -> impl IntoView {
    let told = move || {
        let stored = editing.theirs.get()?;
        let differs = differences(&texts(), &editing.draft.read_untracked().was, &stored);
        let over = stored.clone();
        let load = Callback::new(move |()| editing.start_from(Some(stored.clone())));
        let save = Callback::new(move |()| editing.save_over(over.clone(), false));
        Some(view! { <StaleNotice changed=None differs busy=editing.work.busy on_load=load on_save=save/> })
    };
    view! {
        <div role="alert" class="form-alert-place">
            {told}
        </div>
    }
    .into_any()
}

#[component]
fn RoleCard(editing: Editing) -> impl IntoView {
    let t = texts();
    let draft = editing.draft;
    let options = Role::ALL
        .map(|role| {
            let id = format!("role-{}", role.code());
            view! {
                <label class="option">
                    <input
                        type="radio"
                        name="role"
                        value=role.code()
                        aria-label=role_name(&t, role)
                        aria-describedby=id.clone()
                        checked=draft.read_untracked().now.role == role
                        prop:checked=move || draft.read().now.role == role
                        on:change=move |_| draft.update(|d| d.now.role = role)
                    />
                    <span>
                        <b>{role_name(&t, role)}</b>
                        <span class="small muted" id=id>
                            {role_text(&t, role)}
                        </span>
                    </span>
                </label>
            }
        })
        .collect_view();
    let last = t.error_last_admin();
    let refused = Memo::new(move |_| matches!(&*editing.work.error.read(), Some(ApiError::Rule(Rule::LastAdmin))));
    view! {
        <section class="card" aria-labelledby="role-title">
            <h2 id="role-title">{t.people_role()}</h2>
            <div class="options pairwise" role="radiogroup" aria-labelledby="role-title">
                {options}
            </div>
            <p class="problem" hidden=move || !refused.get()>
                {last}
            </p>
        </section>
    }
    .into_any()
}

#[component]
fn Rights(editing: Editing) -> impl IntoView {
    let t = texts();
    let draft = editing.draft;
    let options = Right::ALL
        .map(|right| {
            let id = format!("right-{}", right.code());
            let toggle = move |event| {
                let on = event_target_checked(&event);
                draft.update(|d| {
                    if on {
                        d.now.rights.insert(right);
                    } else {
                        d.now.rights.remove(&right);
                    }
                });
            };
            view! {
                <label class="option">
                    <input
                        type="checkbox"
                        aria-label=right_name(&t, right)
                        aria-describedby=id.clone()
                        checked=draft.read_untracked().now.rights.contains(&right)
                        prop:checked=move || draft.read().now.rights.contains(&right)
                        on:change=toggle
                    />
                    <span>
                        <b>{right_name(&t, right)}</b>
                        <span class="small muted" id=id>
                            {right_text(&t, right)}
                        </span>
                    </span>
                </label>
            }
        })
        .collect_view();
    view! {
        <section class="card" aria-labelledby="rights-title">
            <div>
                <h2 id="rights-title">{t.people_rights()}</h2>
                <p class="small muted">{t.people_rights_text()}</p>
            </div>
            <div class="options pairwise" role="group" aria-labelledby="rights-title">
                {options}
            </div>
        </section>
    }
    .into_any()
}
