//! One right for many: given to, or taken from, everybody who is ticked, one after the other.

use super::{Team, words::right_name};
use crate::{
    api::{
        ApiError,
        members::{list_members, save_member},
    },
    domain::{
        ids::AccountId,
        permission::{Profile, Right},
        service::Rule,
    },
    ui::{
        kit::{Button, ButtonKind, Toasts, texts},
        problems::plain_error_text,
        session::left_by,
        settings::guard::guard,
    },
};
use leptos::{prelude::*, task::spawn_local};
use std::collections::BTreeSet;

/// The bar that appears with the first tick.
#[component]
pub fn Bulk(team: Team, found: Memo<BTreeSet<AccountId>>) -> impl IntoView {
    let t = texts();
    let toasts = expect_context::<Toasts>();
    // Nobody is changed whom the search hides.
    let targets = Memo::new(move |_| team.chosen.read().intersection(&found.read()).copied().collect::<Vec<_>>());
    let right = RwSignal::new(Right::Chat);
    // Done and all, while it runs.
    let progress = RwSignal::new(None::<(usize, usize)>);
    let failures = RwSignal::new(Vec::<String>::new());
    let busy = Signal::derive(move || progress.read().is_some());
    guard(busy, "");
    let change = move |give: bool| {
        let t = texts();
        let (targets, right) = (targets.get_untracked(), right.get_untracked());
        let total = targets.len();
        progress.set(Some((0, total)));
        failures.set(Vec::new());
        spawn_local(async move {
            let mut failed = Vec::new();
            for (n, account) in targets.into_iter().enumerate() {
                let outcome = set_right(team, account, right, give).await;
                // The page may be gone by now.
                if progress.try_set(Some((n + 1, total))).is_some() {
                    return;
                }
                match outcome {
                    Ok(()) => {}
                    Err(error) if left_by(&error) => return,
                    Err(error) => failed.push(t.people_bulk_failure(name(team, account), plain_error_text(&t, &error))),
                }
            }
            progress.set(None);
            let done = total - failed.len();
            if done > 0 {
                let right = right_name(&t, right);
                toasts.info(if give { t.people_bulk_given(done, right) } else { t.people_bulk_taken(done, right) });
            }
            failures.set(failed);
        });
    };
    let options = Right::ALL.map(|r| view! { <option value=r.code()>{right_name(&t, r)}</option> }).collect_view();
    let (give, take, clear) = (t.people_bulk_give(), t.people_bulk_take(), t.people_bulk_clear());
    let said = {
        let t = t.clone();
        move || match progress.get() {
            Some((done, total)) => t.people_bulk_progress(done, total),
            None => t.people_chosen(targets.read().len()),
        }
    };
    let failed = {
        let t = t.clone();
        move || t.people_bulk_failed(failures.read().len())
    };
    view! {
        <div role="alert" class="form-alert-place">
            {move || {
                (!failures.read().is_empty())
                    .then(|| {
                        view! {
                            <div class="notice">
                                <p>{failed.clone()}</p>
                                <ul>{failures.get().into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}</ul>
                            </div>
                        }
                    })
            }}
        </div>
        <div class="savebar bulk" role="group" aria-label=t.people_bulk() hidden=move || targets.read().is_empty() && !busy.get()>
            <span aria-live="polite">{said}</span>
            <select
                class="input"
                aria-label=t.people_bulk_right()
                disabled=busy
                on:change=move |event| {
                    if let Some(chosen) = Right::parse(&event_target_value(&event)) {
                        right.set(chosen);
                    }
                }
            >
                {options}
            </select>
            <Button busy=busy on_press=Callback::new(move |()| change(true))>
                {give}
            </Button>
            <Button disabled=busy on_press=Callback::new(move |()| change(false))>
                {take}
            </Button>
            <Button kind=ButtonKind::Ghost disabled=busy on_press=Callback::new(move |()| team.chosen.set(BTreeSet::new()))>
                {clear}
            </Button>
        </div>
    }
    .into_any()
}

fn name(team: Team, account: AccountId) -> String {
    team.members.read_untracked().iter().find(|m| m.account == account).map(|m| m.name.clone()).unwrap_or_default()
}

/// Gives or takes one right. Where somebody else was first, his change stays and this is
/// done beside it.
async fn set_right(team: Team, account: AccountId, right: Right, give: bool) -> Result<(), ApiError> {
    let mut again = true;
    loop {
        let profile = team.profile(account).ok_or(ApiError::NotFound)?;
        let wanted = with_right(profile.clone(), right, give);
        if wanted == profile {
            return Ok(());
        }
        match save_member(account, profile, wanted).await {
            Ok(rows) => {
                let _ = team.members.try_set(rows);
                return Ok(());
            }
            Err(ApiError::Rule(Rule::Stale)) if again => {
                again = false;
                let _ = team.members.try_set(list_members().await?);
            }
            Err(error) => return Err(error),
        }
    }
}

fn with_right(mut profile: Profile, right: Right, give: bool) -> Profile {
    if give {
        profile.rights.insert(right);
    } else {
        profile.rights.remove(&right);
    }
    profile
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::permission::Role;

    #[test]
    fn one_right_changes_and_nothing_else() {
        let profile = Profile { role: Role::Admin, rights: [Right::Chat].into(), nickname: "담소".into(), chats_at_once: 3 };
        let both = with_right(profile.clone(), Right::Export, true);
        assert_eq!(both, Profile { rights: [Right::Chat, Right::Export].into(), ..profile.clone() });
        assert_eq!(with_right(both, Right::Export, false), profile);
        assert_eq!(with_right(profile.clone(), Right::Chat, true), profile);
    }
}
