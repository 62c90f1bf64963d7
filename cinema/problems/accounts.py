"""What accounts, roles and signing in may answer."""

from cinema.problems.cause import Cause

CAUSES = (
    # -- signing in ------------------------------------------------------------------------------------------
    Cause(
        "credentials",
        401,
        "Login or password wrong",
        "No active account has this login and this password. Which of the two is wrong, or whether the account is "
        "disabled, is not told.",
        "Ask for both again. A disabled account is enabled by the staff.",
    ),
    Cause(
        "too-many-attempts",
        429,
        "Too many attempts",
        "Too many wrong passwords came for this account or from this address. Each further one doubles the wait.",
        "Disable the form until `Retry-After` (seconds) is over. Trying sooner does not count, and does not help.",
    ),
    Cause(
        "wrong-password",
        403,
        "Password wrong",
        "The caller is signed in, but the password given as proof is not theirs.",
        "Ask for the current password again. The tokens stay good: do not sign the person out.",
    ),
    # -- one's own account -----------------------------------------------------------------------------------
    Cause(
        "username-taken",
        409,
        "Username taken",
        "Another account has this username, perhaps in other capitals.",
        "Ask for another username.",
    ),
    Cause(
        "email-taken",
        409,
        "E-mail address taken",
        "Another account signs in with this e-mail address, perhaps written in other capitals.",
        "Offer to sign in with the address instead, or ask for another one.",
    ),
    Cause(
        "password-changed",
        409,
        "Password just changed",
        "The password was changed elsewhere while this request was being answered. Nothing was changed by this one.",
        "Ask for the new password. The change may have ended this session: then sign in again.",
    ),
    # -- what others may do ----------------------------------------------------------------------------------
    Cause(
        "not-yours-to-give",
        403,
        "Not yours to give",
        "Nobody gives a permission that they do not hold themselves. `detail` names those that the caller lacks.",
        "Leave these permissions out, grant a role without them, or let somebody do it who holds them.",
    ),
    Cause(
        "outranked",
        403,
        "Outranked",
        "The account or the role holds permissions that the caller lacks, so the caller may not disable it, sign it "
        "out or take anything from it.",
        "Let somebody do it who holds at least the same permissions, such as a superuser.",
    ),
    Cause(
        "last-administrator",
        409,
        "Last administrator",
        "Afterwards no active account would be left that may change roles.",
        "Give somebody else a role with `roles:edit` first.",
    ),
    Cause(
        "built-in",
        409,
        "Built-in role",
        "The application itself relies on this role, so it cannot be deleted.",
        "Take its permissions away instead; it can be changed like any other role.",
    ),
    Cause(
        "name-taken",
        409,
        "Name taken",
        "Another role, or another genre, has exactly this name.",
        "Choose another name, or use the one that there is.",
    ),
)
