//! Who the customer is (G20): what he says himself and what the shop has signed, told apart
//! at every line.

use super::beside::Beside;
use crate::{
    domain::customer::{Customer, Data, Scalar},
    i18n::Texts,
    ui::kit::texts,
};
use leptos::prelude::*;

/// One line: its name, its value, and whether the shop has signed it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Fact {
    name: String,
    value: String,
    verified: bool,
}

/// What is known, the shop's word first.
fn facts(t: &Texts, customer: &Customer) -> Vec<Fact> {
    let fact = |name: String, value: &str, verified| (!value.is_empty()).then(|| Fact { name, value: value.to_owned(), verified });
    let (yes, no) = (t.console_customer_yes(), t.console_customer_no());
    let told = |data: &Data, verified| {
        let words = |value: &Scalar| match value {
            Scalar::Is(is) => {
                if *is {
                    yes.clone()
                } else {
                    no.clone()
                }
            }
            Scalar::Number(number) => number.to_string(),
            Scalar::Text(text) => text.clone(),
        };
        data.iter().map(|(name, value)| Fact { name: name.clone(), value: words(value), verified }).collect::<Vec<_>>()
    };
    let mut out: Vec<Fact> = fact(t.console_customer_member(), customer.member.as_deref().unwrap_or_default(), true).into_iter().collect();
    for (contact, verified) in [(&customer.verified, true), (&customer.said, false)] {
        out.extend(fact(t.console_customer_name(), &contact.name, verified));
        out.extend(fact(t.console_customer_email(), &contact.email, verified));
        out.extend(fact(t.console_customer_phone(), &contact.phone, verified));
        out.extend(told(if verified { &customer.verified_data } else { &customer.data }, verified));
    }
    out
}

/// What is known of the customer and not the agent's to change: his own words, the shop's,
/// and where he is.
#[component]
pub(super) fn CustomerFacts(beside: Beside) -> impl IntoView {
    let t = texts();
    let known = beside.part(|panel| (panel.customer.clone(), panel.address.clone()));
    let (line, chat) = (beside.line, beside.chat);
    let code = Memo::new(move |_| line.store.row(chat).map(|row| row.card.code));
    move || {
        let (customer, address) = known.get()?;
        let lines = facts(&t, &customer)
            .into_iter()
            .map(|fact| {
                let (class, word) = if fact.verified {
                    ("chip verified", t.console_customer_verified())
                } else {
                    ("chip", t.console_customer_unverified())
                };
                view! {
                    <dt>{fact.name}</dt>
                    <dd>{fact.value} " " <span class=class>{word}</span></dd>
                }
            })
            .collect_view();
        let code = code.get().map(|code| t.console_customer(code));
        Some(view! {
            <dl class="facts">
                <dt>{t.console_info_code()}</dt>
                <dd>{code}</dd>
                {lines}
                {(!address.is_empty())
                    .then(|| {
                        view! {
                            <dt>{t.panel_address()}</dt>
                            <dd>{address}</dd>
                        }
                    })}
            </dl>
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{contact::Contact, service::Language};

    #[test]
    fn every_line_says_whose_word_it_is() {
        let said = Contact { name: "자칭".into(), ..Contact::default() };
        let verified = Contact { name: "김민수".into(), ..Contact::default() };
        let customer = Customer {
            member: Some("12345".into()),
            said,
            verified,
            data: [("등급".to_owned(), Scalar::Text("VIP".into()))].into(),
            verified_data: [("등급".to_owned(), Scalar::Is(false))].into(),
        };
        let lines = facts(&Texts::of(Language::Ko), &customer);
        let lines: Vec<_> = lines.iter().map(|f| (f.name.as_str(), f.value.as_str(), f.verified)).collect();
        assert_eq!(
            lines,
            [
                ("회원 번호", "12345", true),
                ("이름", "김민수", true),
                ("등급", "아니요", true),
                ("이름", "자칭", false),
                ("등급", "VIP", false),
            ]
        );
        assert!(facts(&Texts::of(Language::En), &Customer::default()).is_empty());
    }
}
