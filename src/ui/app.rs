//! The app's pages and the way between them.

use super::{
    account::{AccountPage, JoinPage, SetUpPage, SignInPage, TicketAssignPage},
    console::{BoardPage, Console, HistoryPage, SignedIn},
    inquiries::InquiriesPage,
    kit::{EmptyState, ToastRegion, Toasts, texts},
    organization::{ChangesPage, Organization, PeoplePage, ServicesPage},
    preferences::Mine,
    settings::{
        AgentsPage, AllocationPage, BlocksPage, CannedRepliesPage, CategoriesPage, ChatTextsPage, HelpCentrePage, HoursPage,
        OwnRepliesPage, QueuesPage, ReadinessPage, RoutingPage, SeatsPage, Settings, TagsPage, WidgetCodePage,
    },
};
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    components::{ParentRoute, Route, Router, Routes},
    path,
};

/// Everything below `<body>`.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let toasts = Toasts::provide();
    Mine::provide(toasts);
    view! {
        <Router>
            <Routes fallback=|| view! { <Unknown/> }>
                <Route path=path!("/login") view=SignInPage/>
                <Route path=path!("/setup") view=SetUpPage/>
                <Route path=path!("/join/:token") view=JoinPage/>
                <ParentRoute path=path!("") view=SignedIn>
                    <Route path=path!("/console/:chat?") view=Console/>
                    <Route path=path!("/board") view=BoardPage/>
                    <Route path=path!("/history") view=HistoryPage/>
                    <Route path=path!("/account") view=AccountPage/>
                    <Route path=path!("/account/canned") view=OwnRepliesPage/>
                    <Route path=path!("/account/tickets") view=TicketAssignPage/>
                    <Route path=path!("/inquiries/:inquiry?") view=InquiriesPage/>
                    <ParentRoute path=path!("/organization") view=Organization>
                        <Route path=path!("/services") view=ServicesPage/>
                        <Route path=path!("/people") view=PeoplePage/>
                        <Route path=path!("/changes") view=ChangesPage/>
                    </ParentRoute>
                    <ParentRoute path=path!("/settings") view=Settings>
                        <Route path=path!("") view=ReadinessPage/>
                        <Route path=path!("/agents/:account?") view=AgentsPage/>
                        <Route path=path!("/allocation") view=AllocationPage/>
                        <Route path=path!("/queues") view=QueuesPage/>
                        <Route path=path!("/seats") view=SeatsPage/>
                        <Route path=path!("/hours") view=HoursPage/>
                        <Route path=path!("/chat") view=ChatTextsPage/>
                        <Route path=path!("/routing") view=RoutingPage/>
                        <Route path=path!("/widget") view=WidgetCodePage/>
                        <Route path=path!("/categories") view=CategoriesPage/>
                        <Route path=path!("/tags") view=TagsPage/>
                        <Route path=path!("/canned") view=CannedRepliesPage/>
                        <Route path=path!("/blocks") view=BlocksPage/>
                        <Route path=path!("/help") view=HelpCentrePage/>
                    </ParentRoute>
                </ParentRoute>
            </Routes>
        </Router>
        <ToastRegion toasts/>
    }
}

/// An address without a page.
#[component]
fn Unknown() -> impl IntoView {
    let t = texts();
    view! {
        <Title text=t.error_page_title()/>
        <main class="lone">
            <EmptyState icon="search" title=t.error_page_title() heading=true>
                <p>{t.error_page_not_found()}</p>
                <p><a href="/console">{t.console_nav_chats()}</a></p>
            </EmptyState>
        </main>
    }
}
