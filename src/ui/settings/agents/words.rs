//! Roles, rights and what changed between two profiles, in words.

use crate::{
    domain::{
        permission::{Profile, Right, Role},
        service::Localized,
    },
    i18n::Texts,
};

/// What a role is called.
#[must_use]
pub fn role_name(t: &Texts, role: Role) -> String {
    match role {
        Role::Agent => t.people_role_agent(),
        Role::Admin => t.people_role_admin(),
    }
}

/// What a role may do, in one sentence.
#[must_use]
pub fn role_text(t: &Texts, role: Role) -> String {
    match role {
        Role::Agent => t.people_role_agent_text(),
        Role::Admin => t.people_role_admin_text(),
    }
}

/// What a right is called.
#[must_use]
pub fn right_name(t: &Texts, right: Right) -> String {
    match right {
        Right::Chat => t.people_right_chat(),
        Right::Ticket => t.people_right_ticket(),
        Right::Unmask => t.people_right_unmask(),
        Right::UndoMasking => t.people_right_undo_masking(),
        Right::Export => t.people_right_export(),
        Right::Oversight => t.people_right_oversight(),
        Right::AccessLog => t.people_right_access_log(),
        Right::PersonalData => t.people_right_personal_data(),
    }
}

/// What a right gives, in one sentence.
#[must_use]
pub fn right_text(t: &Texts, right: Right) -> String {
    match right {
        Right::Chat => t.people_right_chat_text(),
        Right::Ticket => t.people_right_ticket_text(),
        Right::Unmask => t.people_right_unmask_text(),
        Right::UndoMasking => t.people_right_undo_masking_text(),
        Right::Export => t.people_right_export_text(),
        Right::Oversight => t.people_right_oversight_text(),
        Right::AccessLog => t.people_right_access_log_text(),
        Right::PersonalData => t.people_right_personal_data_text(),
    }
}

/// The names of a person's queues.
#[must_use]
pub fn queue_names(t: &Texts, queues: &[Localized]) -> String {
    if queues.is_empty() { t.people_no_queue() } else { queues.iter().map(|name| name.get(t.language)).collect::<Vec<_>>().join(", ") }
}

/// What `now` has otherwise than `was`, a line for each thing.
#[must_use]
pub fn differences(t: &Texts, was: &Profile, now: &Profile) -> Vec<String> {
    let names = |rights: Vec<Right>| rights.into_iter().map(|right| right_name(t, right)).collect::<Vec<_>>().join(", ");
    let given = names(now.rights.difference(&was.rights).copied().collect());
    let taken = names(was.rights.difference(&now.rights).copied().collect());
    let or_none = |name: &str| if name.is_empty() { t.people_none() } else { name.to_owned() };
    let mut lines = Vec::new();
    if was.role != now.role {
        lines.push(t.people_changed(role_name(t, now.role), role_name(t, was.role), t.people_role()));
    }
    if !given.is_empty() {
        lines.push(t.people_rights_given(given));
    }
    if !taken.is_empty() {
        lines.push(t.people_rights_taken(taken));
    }
    if was.nickname != now.nickname {
        lines.push(t.people_changed(or_none(&now.nickname), or_none(&was.nickname), t.people_nickname()));
    }
    if was.chats_at_once != now.chats_at_once {
        lines.push(t.people_changed(now.chats_at_once, was.chats_at_once, t.people_chats_at_once()));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::service::Language;

    fn profile() -> Profile {
        Profile { role: Role::Agent, rights: [Right::Chat, Right::Ticket].into(), nickname: String::new(), chats_at_once: 5 }
    }

    #[test]
    fn every_difference_of_two_profiles_has_its_line() {
        let t = Texts::of(Language::Ko);
        let now = Profile { role: Role::Admin, rights: [Right::Chat, Right::Export].into(), nickname: "담소".into(), chats_at_once: 0 };
        assert_eq!(
            differences(&t, &profile(), &now),
            ["역할: 상담원 → 관리자", "받은 권한: 데이터 추출", "빠진 권한: 티켓", "닉네임: 없음 → 담소", "동시 상담 수: 5 → 0"]
        );
        assert_eq!(differences(&t, &now, &now), [""; 0]);
    }
}
