//! The program: parses the command line and calls the server.

use clap::Parser as _;
use damso::server::cli::Cli;
use std::process::ExitCode;

fn main() -> ExitCode {
    // At least four workers even on one core: a page that waits for another must not
    // starve it. Deep component trees need the stack.
    let workers = std::thread::available_parallelism().map_or(4, |n| n.get().max(4));
    let runtime =
        || tokio::runtime::Builder::new_multi_thread().worker_threads(workers).thread_stack_size(8 * 1024 * 1024).enable_all().build();
    #[cfg(feature = "failpoints")]
    let runtime = || damso::server::clock::skip::runtime().unwrap_or_else(runtime);
    let done = match runtime() {
        Ok(runtime) => runtime.block_on(Cli::parse().run()),
        Err(error) => Err(error.into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("damso: {error:#}");
            ExitCode::FAILURE
        }
    }
}
