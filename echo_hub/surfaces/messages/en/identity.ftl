# Why a record of another system was joined to nobody, or a join is worth a look.

identity-mail-on-several-people = Several people in the HR system share this work e-mail, so it names nobody.
identity-employee-id-on-several-people = Several people in the HR system share this employee id, so it names nobody.
identity-mail-on-several-accounts = Several accounts of this source share one work e-mail; which one counts is not known.
identity-employee-id-on-several-accounts = Several accounts of this source share one employee id.
identity-employee-id-and-mail-disagree = The work e-mail belongs to somebody with another employee id. Joined on its own employee id where the HR system has it; otherwise the address may be a recycled one, so it is joined to nobody.
identity-no-match = Nobody in the HR system has this employee id or work e-mail.
identity-no-key = Has neither an employee id nor a work e-mail.
identity-manager-cycle = Is their own manager through others; the line is cut here.
identity-own-manager = Is stated as their own manager, so they have none.
identity-unknown-manager = Their manager is nobody whom the HR system delivers, so they have none.

# Whom an account nearly fits.

near-employee-id = Has this employee id.
near-employee-id-left = Had this employee id and has left; the number may be somebody else's now.
near-employee-id-contingent = Has this employee id as a contingent worker.
near-zeros = Has the employee id "{ $number }", the same but for leading zeros.
near-mail = Has this work e-mail.
near-mail-left = Had this work e-mail and has left; the address may be somebody else's now.
near-mail-contingent = Has this work e-mail as a contingent worker.
near-name = Has the same name. Nobody is joined by name.
