//! 채팅: what customers read (기본 설정), who gets a chat (상담원 할당 설정), and the
//! widget on the customer's site (채팅화면 삽입 코드).

mod choices;
mod consent;
mod look;
mod message;
mod number;
mod origins;
mod preview;
mod routing;
mod texts;
mod timings;
mod widget;

pub use routing::RoutingPage;
pub use texts::ChatTextsPage;
pub use widget::WidgetCodePage;

use super::editing::Work;
use crate::ui::live::host;
use leptos::{prelude::*, wasm_bindgen::JsCast as _, web_sys};

/// After a refused save the focus goes to the first field that it complained about, which
/// may be far from the button.
fn focus_problem(work: Work) {
    Effect::new(move |_| {
        if work.error.read().is_none() {
            return;
        }
        host::next_frame(|| {
            let field = document().query_selector("main [aria-invalid='true']").ok().flatten();
            if let Some(field) = field.and_then(|f| f.dyn_into::<web_sys::HtmlElement>().ok()) {
                drop(field.focus());
            }
        });
    });
}
