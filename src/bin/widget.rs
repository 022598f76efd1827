//! The customer's module; see `damso::ui::widget`.

fn main() {
    damso::ui::widget::start();
}
