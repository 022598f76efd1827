//! 채팅: what customers read (기본 설정), who gets a chat (상담원 할당 설정), and the
//! widget on the customer's site (채팅화면 삽입 코드).

mod choices;
mod consent;
mod identity;
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
