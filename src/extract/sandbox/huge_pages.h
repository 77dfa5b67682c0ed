#pragma once

namespace assay::sandbox {

/// Asks the kernel to back this process's private memory with huge pages, now. A fork copies one page-table entry for
/// each page that was touched, so a zygote with compiled rules in 4 KiB pages costs milliseconds a fork, and with 2 MiB
/// pages a fraction of one. Best effort: a kernel that cannot (before 6.1) leaves all as it is.
/// Source: MADV_COLLAPSE in madvise(2).
void gather_into_huge_pages();

}  // namespace assay::sandbox
