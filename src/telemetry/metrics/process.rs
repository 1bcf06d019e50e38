//! The process itself, under the names that Prometheus' own clients use. Where there is no `/proc`, nothing is said.

use metrics::{describe_gauge, gauge};

const MEMORY: &str = "process_resident_memory_bytes";
const FILES: &str = "process_open_fds";
const MOST_FILES: &str = "process_max_fds";
const THREADS: &str = "process_threads";

/// What the numbers mean.
pub(super) fn describe() {
    describe_gauge!(MEMORY, "Memory of this process that is in RAM, in bytes");
    describe_gauge!(FILES, "File descriptors that this process has open, sockets included");
    describe_gauge!(MOST_FILES, "File descriptors that this process may have open");
    describe_gauge!(THREADS, "Threads of this process");
}

/// Looks how the process stands.
#[allow(clippy::cast_precision_loss, reason = "no process is that large")]
pub fn look() {
    if let Ok(status) = std::fs::read_to_string("/proc/self/status") {
        if let Some(kilobytes) = number_after(&status, "VmRSS:") {
            gauge!(MEMORY).set(kilobytes as f64 * 1024.0);
        }
        if let Some(threads) = number_after(&status, "Threads:") {
            gauge!(THREADS).set(threads as f64);
        }
    }
    if let Ok(open) = std::fs::read_dir("/proc/self/fd") {
        // Without the one that reads this list.
        gauge!(FILES).set(open.count().saturating_sub(1) as f64);
    }
    if let Ok(limits) = std::fs::read_to_string("/proc/self/limits")
        && let Some(most) = number_after(&limits, "Max open files")
    {
        gauge!(MOST_FILES).set(most as f64);
    }
}

/// The first number of the line that begins so.
fn number_after(text: &str, start: &str) -> Option<u64> {
    text.lines().find_map(|line| line.strip_prefix(start))?.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_from_their_lines() {
        let status = "Name:\tsayso\nVmRSS:\t  123456 kB\nThreads:\t9\n";
        assert_eq!((number_after(status, "VmRSS:"), number_after(status, "Threads:")), (Some(123_456), Some(9)));
        assert_eq!(number_after("Max open files            1024      4096      files", "Max open files"), Some(1024));
        assert_eq!(number_after("Max open files            unlimited", "Max open files"), None);
        assert_eq!(number_after(status, "VmSwap:"), None);
    }
}
