#pragma once

namespace assay::sandbox {

/// Version of Landlock that the running kernel speaks; 0 when it has none or it is switched off.
int landlock_abi();

/// Takes every file-system right, and where the ABI knows them network and scope rights, from this thread for good:
/// a ruleset that handles everything and allows nothing. Descriptors that are open stay usable. Needs no_new_privs.
/// False when the kernel refused.
/// Source: Documentation/userspace-api/landlock.rst of the Linux kernel, ABI versions 1 to 7.
bool restrict_with_landlock(int abi);

}  // namespace assay::sandbox
