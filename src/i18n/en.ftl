# The page in English. Other languages have the same keys with the same values.

## Everywhere
skip-to-content = Skip to content
skip-to-message = Skip to the message box
nav-main = Sayso
nav-menu = Menu
nav-conversations = Conversations
nav-approvals = Approvals
nav-settings = Settings
new-conversation = New conversation
new-short = New
sign-out = Sign out
waiting = { $count ->
    [one] 1 decision waits
   *[other] { $count } decisions wait
}
demo-notice = Demo: no real model is connected
demo-explained = Demo: no real model is connected. Answers come from a script, so that you can try how Sayso works. Whoever runs this server can connect a model in its settings.
role-owner = owner
role-admin = admin
role-member = member
role-guest = guest

## First account and sign-in
setup-title = Welcome to Sayso
setup-text = This makes the first account and its workspace. You invite others afterwards, with a link.
login-title = Sign in to Sayso
login-setup-hint = There is no account yet. The link to make the first one is in the server's output: look at the terminal or the log of the server for the last line with “/setup?token=”. Starting the server again prints a new one.
field-your-name = Your name
field-email = Email
field-password = Password
field-workspace = Workspace name
field-tenant = Workspace
password-hint = At least 8 characters. A few unrelated words do well.
create-account = Create account
sign-in = Sign in

## Conversations
welcome = What can I help with?
welcome-text = Write a message to begin. No tool runs before you have seen exactly what it would do and approved it.
conversations-empty = No conversations yet.
search = Search conversations
search-button = Search
search-results = Search results
search-nothing = Nothing was found for “{ $query }”.
search-more = More than { $count } conversations were found. One more word narrows it down.
conversation = Conversation
conversation-untitled = New conversation
conversation-manage = Manage
conversation-title = Title
conversation-rename = Rename
conversation-delete = Delete…
conversation-delete-sure = The conversation and everything in it will be gone for good.
conversation-delete-button = Delete conversation
conversation-gone = This conversation no longer exists. What you typed is kept here, so that you can copy it.
conversation-export = Download as
conversation-export-markdown = Markdown
conversation-export-json = JSON
conversation-end = End…
conversation-end-sure = Nothing more can be said in it. It stays to be read, renamed, downloaded and deleted. What the assistant is doing is stopped, and what waits for you is denied.
conversation-end-button = End conversation
conversation-direct = Here a tool is called directly; nothing is said.
conversation-ended = This conversation was ended. It can still be read.
conversation-ended-new = Begin a new one.
export-head = Begun { $began }, downloaded { $now }.
export-image = Image: { $name }
export-file = File: { $name } ({ $type }, { $size })
export-cut-off = (The reply ended here before its end.)
export-call = Tool call: { $tool } ({ $server })
export-asked = The model asked for:
export-arguments = Arguments:
export-result = Result:
export-by-rule = Approved by a rule of the workspace.
export-by-grant = Approved by what was said beforehand.
export-approved = Approved on { $time }.
export-denied = Denied on { $time }.
export-run-again = Asked to run again on { $time }.
export-reported = Reported as of unknown outcome on { $time }.
export-reason = Reason: { $reason }.
export-state = State: { $state }.
export-state-pending = waits for a decision
export-state-approved = approved, not begun
export-state-denied = denied
export-state-running = running
export-state-awaiting-input = waits for an answer to its server
export-state-succeeded = succeeded
export-state-failed = failed
export-state-unknown = outcome unknown
older-messages = Earlier messages
newest-messages = To the newest messages
jump-to-latest = Jump to latest
message = Message
message-hint = Write a message
message-from-you = You
message-from-assistant = Assistant
message-thinking = Thinking
window-begins = The model sees the conversation from here on.
message-cut-off = The reply was cut off here.
images-attach = Attach images
images-attached = Attached images
image-remove = Remove
image-remove-named = Remove { $name }
image-added = { $name } is attached.
image-removed = { $name } was removed.
images-unseen = { $model } cannot see images.
model = Model
model-not-allowed = { $model } (not allowed any more)
model-automatic = Automatic
model-default = { $model } (default)
models-more = { $count ->
    [one] 1 more is not listed
   *[other] { $count } more are not listed
}
instead-of-unauthorized = { $provider } refused the server's key; { $other } answered instead.
instead-of-balance = The account at { $provider } has no balance left; { $other } answered instead.
instead-of-rate-limited = { $provider } took no more requests for the moment; { $other } answered instead.
instead-of-unavailable = { $provider } could not be reached; { $other } answered instead.
instead-of-overloaded = { $provider } was overloaded; { $other } answered instead.
instead-of-interrupted = { $provider } broke off before its first word; { $other } answered instead.
send = Send
send-denies = { $count ->
    [one] Sending denies 1 request
   *[other] Sending denies { $count } requests
}
stop = Stop
pause-updates = Pause updates
resume-updates = Resume updates
go-to-decision = Go to decision
announce-waiting = { $count ->
    [one] 1 decision waits. Press F8.
   *[other] { $count } decisions wait. Press F8.
}
signed-out = You were signed out. What you typed is kept.
sign-in-again = Sign in again
connection-lost = That did not reach the server. What you typed is kept; try again.

## The status line
status-ready = Ready
status-typing = Assistant is typing…
status-waiting = Waiting for your approval
status-asked = Waiting for your answer to { $server }
status-creating = Creating file { $path }…
status-running = Running { $tool }…
status-reconnecting = Reconnecting…

## How a turn ended
turn-stopped = Stopped.
turn-interrupted = The server stopped while it was answering. What had come is kept.
turn-try-again = Try again
turn-continue = Continue
turn-retry-after = { $count ->
    [one] Try again in 1 second.
   *[other] Try again in { $count } seconds.
}
turn-retry-after-minutes = { $count ->
    [one] Try again in 1 minute.
   *[other] Try again in { $count } minutes.
}

## Tool calls
call-approve = Approve { $tool }?
call-resolve = What happened to { $tool }?
call-which = { $number } of { $total }
call-state-pending = waits for your decision
call-state-approved = approved, waits for its turn
call-state-denied = denied
call-state-running = running
call-state-awaiting-input = waits for an answer
call-state-succeeded = done
call-state-failed = failed
call-state-outcome-unknown = outcome unknown
call-new-file = New file
call-difference = Changes
call-line-added = Added:
call-line-removed = Removed:
call-lines-left-out = { $count ->
    [one] 1 unchanged line
   *[other] { $count } unchanged lines
}
call-lines-not-shown = { $count ->
    [one] 1 line is not shown here; what will be there stands whole in the arguments.
   *[other] { $count } lines are not shown here; what will be there stands whole in the arguments.
}
call-arguments = Arguments
call-button-undo = Undo
call-undo-hint = Puts back what was there before.
call-undone = Undone: what was there before is there again.
call-result = Result
call-files = Images and files from { $tool }
call-image = { $name }, an image from { $tool }
call-reason = Reason
call-reason-hint = Optional. The assistant is told.
call-button-approve = Approve
call-button-deny = Deny
call-button-run-again = Run again
call-button-report = Tell the model
call-unknown-explained = It was cut short before it said how it ended. What is known stands above: look before you run it again.
call-settled-run-again = You asked for it to run again: the new request stands by itself.
call-settled-report = The model was told that nobody knows.
call-your-reason = You said:
call-decided-elsewhere = Decided on another device
call-no-arguments = None.
call-argument-size = { $lines ->
    [one] { $characters } characters
   *[other] { $lines } lines, { $characters } characters
}
call-tool = Tool
call-server = Server
call-built-in = built into Sayso
call-digest = Digest
call-exact = Exactly as it runs
call-changed = You changed the arguments
call-asked = The model asked for
call-instead = Instead
call-shown-again = You changed where this goes. Look at it once more.
call-by-rule = Allowed without asking by your admins
call-by-grant = By your grant: { $bound }, { $used } of { $count }
call-to-grants = See or revoke what you said beforehand
call-button-edit = Edit arguments
call-button-discard = Discard changes
call-editor-hint = JSON. Approve runs what stands here, if it fits the tool; the assistant is told what you changed.
call-changed-elsewhere = Changed on another device
call-back = Back
remember-ask-again = Ask again
remember-explained = Further calls of { $tool } can run without asking. Each says so, and you can take it back in the settings.
remember-how-often = How often
remember-not = each time
remember-count = { $count ->
    [one] after 1 more call
   *[other] after { $count } more calls
}
remember-which = Which calls
remember-how-long = For how long
remember-for-15m = 15 minutes
remember-for-1h = 1 hour
remember-for-8h = 8 hours
remember-for-24h = 24 hours
remember-where = Where
remember-in-conversation = in this conversation
remember-in-all = in all my conversations
bound-same = exactly these arguments
bound-below = below { $folder }/
bound-anywhere = anywhere among the files
bound-host = only { $origin }
together-approve = Approve all
together-review = Review all
together-open-first = Approve all waits until you have opened every fold above, and no arguments are being edited.
together-explained = { $count ->
    [one] 1 request runs as it stands above.
   *[other] All { $count } requests run as they stand above.
}
approvals-asked-by = The program “{ $client }” asks, with the token “{ $token }”. It waits for the result.
approvals-empty = Nothing waits for you.

## Settings
settings-saved = Saved.
settings-you = You
settings-language = Language
settings-language-browser = As the browser asks
settings-save = Save
settings-sessions = Where you are signed in
grants-title = Remembered approvals
grants-explained = Calls that run without asking, because you said so beforehand.
grants-empty = You are asked about every call.
grant-in = In
grant-everywhere = In all your conversations
grant-used = { $used } used, { $left } left
grant-ends = ends
grant-revoke = Revoke
grant-revoke-named = Revoke for { $tool }
session-current = This browser
session-last-used = Last used
session-revoke = Sign out
session-revoke-named = Sign out { $device }
settings-programs = Programs
settings-programs-explained = They signed in with your password through the API. They ask for new tokens about once an hour; that is when each was last used.
settings-program = A program
sign-in-revoke-named = Revoke { $device }, last used { $time }
tokens-title = API tokens
tokens-explained = For scripts and other programs that work in your name. Each may do only what you choose.
tokens-empty = You have none.
token-never-used = Never used
token-made = made
token-ended = ended
token-revoke-named = Revoke { $name }
token-name = Name of the token
token-scopes = It may
token-scope-chat = Chat
token-scope-tools = Tools
token-scope-decide = Decide
token-scope-admin-read = Read as admin
token-explained-chat = Read, write and stop your conversations.
token-explained-tools = List the tools, and ask for them over MCP; each call still waits for a decision.
token-explained-decide = Approve and deny calls in your name, and call tools directly. Not together with Tools.
token-explained-admin-read = Read what admins of the workspace read, for as long as you are one.
token-lifetime = Ends after
token-days = { $days } days
token-for-ever = never
token-make = Make a token
token-made-title = New API token
token-made-once = “{ $name }” is made. Copy it now: it is not shown again.
token-itself = Token
token-back = Done

## Files
nav-files = Files
files-title = Files of { $tenant }
files-empty = There are no files here yet. What tools write lies here, once you have approved it.
files-folder-empty = This folder is empty.
files-where = Where you are
files-name = Name
files-size = Size
files-changed = Changed
files-written = Last written by
files-written-by = { $tool }, on the say-so of { $person }
files-conversation = In your conversation
files-folder = folder
files-link = a link; it is not followed
files-other = neither a file nor a folder
files-more = { $count ->
    [one] 1 more entry is not listed.
   *[other] { $count } more entries are not listed.
}
files-download = Download
files-changed-since = It has been changed since, by something else.
files-unknown = No tool is known to have written it.
files-binary = This is no text. It can be downloaded.
files-too-long = This is too long to be shown. It can be downloaded.
files-blank = The file is empty.
files-content = Content

## What models are told
nav-prompt = Instructions
prompt-title = Instructions for the assistant of { $tenant }
prompt-system = System prompt
prompt-system-hint = The model is told this before every conversation, with up to 20,000 characters. Left empty, it is told what Sayso tells by itself. These are filled in when a message is sent:
prompt-means-tenant = the name of the workspace
prompt-means-user = the name of the person who writes
prompt-means-date = today's date in UTC, such as 2026-01-31
prompt-topics = Topics
prompt-topics-hint = What the assistant may talk about, in your words, with up to 2,000 characters; left empty, anything. With topics, the model checks each reply against them before it is shown: that is one more short call for each reply, which takes a moment and counts towards the limits.
prompt-preview = What the model is told
prompt-preview-own = Filled in for you, today.
prompt-preview-default = This workspace has no system prompt of its own. Filled in for you, today.
error-prompt-too-long = The system prompt is longer than { $limit } characters. Shorten it.
error-topics-too-long = The topics are longer than { $limit } characters. Shorten them.

## Running a tenant
admin-nav = Administration
admin-title = Administration of { $tenant }
admin-index = Overview
admin-prompt-about = What the model is told before every conversation, and what it may talk about.
admin-models-about = Which models people and programs may use.
admin-tools-about = Which tools the assistant may ask for, and whether people are asked each time.
admin-records-about = The documents that the assistant can look up and change: look, import, delete.

## Tools of a tenant
models-nav = Models
models-title = Models of { $tenant }
models-explained = Which of this server's models the people of the workspace may use. It holds at once, in conversations, for programs and where one model stands in for another.
models-allow = Who may answer
models-all = All models of this server, those that come later too
models-ticked = Only the ticked ones
models-gone = not on this server at the moment
models-unlisted = It has not named its models yet.
tools-nav = Tools
tools-title = Tools of { $tenant }
tools-explained = No tool runs without a person's say-so, unless you allow it here. What you allow holds for the tool exactly as it is described here; if it changes, people are asked again.
tools-schema = What it takes
tools-verdict = When the assistant asks for { $tool }
tools-ask = Ask the person
tools-allow = Allow without asking
tools-never = Never
tools-grants = People may remember approvals
tools-guests = Guests may use it
tools-save-named = Save { $tool }
tools-changed = This tool has changed since it was accepted.
tools-changed-built-in = Until you accept the change, people are asked about it each time.
tools-changed-disabled = It is disabled until you accept the change.
tools-changed-never = It is not used either way.
tools-lines-not-shown = { $count ->
    [one] One more line is not shown here. What the tool is now stands whole below.
   *[other] { $count } more lines are not shown here. What the tool is now stands whole below.
}
tools-difference = What changed
tools-accept = Accept the change
tools-accept-named = Accept the change of { $tool }
tools-of-server = Tools of the server
tools-changed-mark = changed, disabled
tools-many-changed = { $count } tools of this server have changed since they were accepted.
tools-many-explained = What changed stands with each of them below.
tools-accept-all = Accept all changes
tools-accept-all-named = Accept all changes of { $server }
tools-changed-meanwhile = The tool has changed since the page was shown. Nothing was saved. Look at it as it is now.
tools-undecided = Requests that nobody decides
tools-expire-after = They count as denied
tools-expire-never = never
tools-expire-hours = { $count ->
    [one] after 1 hour
   *[other] after { $count } hours
}
tools-expire-days = { $count ->
    [one] after 1 day
   *[other] after { $count } days
}
tools-expire-hint = Until then a request waits for its person, however long that takes.

## Servers of tools
servers-nav = Servers
admin-servers-about = The servers whose tools the assistant may ask for: how it stands with them, and your own.
servers-title = Servers of { $tenant }
servers-explained = Servers bring tools over the Model Context Protocol. Whatever they say of themselves, no tool of theirs runs without a person's say-so, unless you allow it under Tools.
servers-none = There are no servers yet.
servers-of-operators = of the operators
servers-of-tenant = your own
servers-state = State
servers-idle = Not connected; it is connected when it is needed
servers-connecting = Connecting…
servers-ready = Ready
servers-needs-authorisation = Needs authorisation: it asks who is there. Authorise it, or give it a header by which it knows you
servers-degraded = Connected, but it did not answer the last time
servers-failed = Failed; it is tried again when it is needed
servers-inactive = Switched off
servers-name-taken-since = Not used: the operators have a server of this name. Remove it, and add it under another name
servers-unopened = Not used: its headers cannot be opened with the key of this installation. Type them anew
servers-address-wrong-now = Not used: its address cannot be read. Type it anew
servers-since = since
servers-fault = Last fault
servers-launch = How it is reached
servers-url = Address
servers-names = Headers or environment
servers-identity = Calls itself
servers-protocol = Protocol
servers-era-discovered = by discovery
servers-era-initialised = by handshake
servers-tools = { $count ->
    [one] { $count } tool
   *[other] { $count } tools
}
servers-cut = It has more; the first ones are used.
servers-listed = listed
servers-connections = Connections
servers-per-person-shown = One for each person; this is yours
servers-left-out = These tools cannot be used:
servers-stderr = What it wrote to standard error
servers-reconnect = Reconnect
servers-reconnect-named = Reconnect { $server }
servers-refresh = Refresh
servers-refresh-named = Refresh the tools of { $server }
servers-done-added = { $server } was added.
servers-done-changed = { $server } was changed.
servers-done-removed = { $server } was removed.
servers-done-reconnected = { $server } was connected anew. Its state stands below.
servers-done-refreshed = { $server } was asked for its tools.
servers-add-title = Add a server
servers-add = Add server
servers-name = Name
servers-name-hint = Up to 32 small letters, digits and hyphens. The names of its tools begin with it.
servers-url-hint = Where it speaks streamable HTTP; it often ends in /mcp. Servers that are started as a process are configured by the operators.
servers-headers = Headers
servers-headers-hint = One a line, such as “Authorization: Bearer …”. Values are kept sealed and never shown. A name alone keeps its value, as long as the address stays on its host; a name that is left out is forgotten.
servers-per-person = A connection of its own for each person
servers-active = It is used
servers-change-title = Change it
servers-remove-title = Remove it
servers-remove-explained = Its tools are gone at once. What was said of them under Tools stays, in case it comes back.
servers-remove = Remove
servers-remove-named = Remove { $server }
servers-operators-only = It belongs to the operators, who change it in their configuration.
servers-no-tools = It offers no tools.
servers-try = Try
servers-try-named = Try { $tool }
servers-try-elsewhere = To try one out, switch to this tenant: a call is somebody's in it.
servers-try-title = Try
servers-back = Back to { $server }
servers-no-arguments = It takes no arguments.
servers-arguments = Arguments, as JSON
servers-run = Run
servers-run-hint = It runs once, at once, with exactly what you typed, and is written down as decided by you.
servers-wrong-name = A name has 1 to 32 small letters, digits and hyphens, and is not “sayso”.
servers-name-taken = There is a server of this name already. Choose another.
servers-too-many = There are { $limit } servers already, which is the most. Remove one first.
servers-wrong-address = This is no address with http:// or https://.
servers-address-password = The address has a name or a password in it. Give them as a header.
servers-out-of-reach = This address cannot be used. { $why }
servers-header-line = Each line is a name, a colon and a value.
servers-header-value = { $header } has no value. Values are not carried to another host; type it anew.
servers-own-header = { $header } is a header that Sayso sends itself.
servers-wrong-header = { $header } stands twice, or cannot be sent as a header.

authorise = Authorise
authorise-again = Authorise again
authorise-named = Authorise { $server }
authorise-again-named = Authorise again: { $server }
authorise-remove = Remove authorisation
authorise-remove-named = Remove authorisation: { $server }
authorise-state = Authorisation
authorise-given = Given at { $host }.
authorise-missing = Not given.
authorise-more = The server asked for more than was allowed; authorise it again to allow that.
authorise-title = Authorise { $server }
authorise-own = Sayso will use { $host } as you, and for you alone.
authorise-all = Sayso will use { $host } as you, for everybody in { $tenant }.
authorise-leads = You go to { $host } and decide there what Sayso may do. Then you come back here. Go on only if you know this name.
authorise-address = The whole address
authorise-go = Go to { $host }
authorise-back = Back
authorise-done = { $server } was authorised.
authorise-removed = The authorisation of { $server } was removed.
authorise-failed = It could not be authorised. { $why }
authorise-unknown = This answer was not asked for here, came too late, or was used already. Begin again.
authorise-moved = The server was changed meanwhile. Begin again.
authorise-issuer = This answer is not of the authorisation server that was asked. Nothing was taken from it.
authorise-denied = It was not authorised: you, or the authorisation server, said no.
authorise-refused = The authorisation server refused. It says: { $why }
authorise-client-title = As what Sayso is known
authorise-client-explained = Most authorisation servers let Sayso register itself. Where yours does not, register it there by hand, and give here what you get.
authorise-client-redirect = The address to come back to, to be registered there:
authorise-client-id = Client id
authorise-client-secret = Client secret
authorise-client-kept = There is one, which is never shown. Left empty, it is kept as long as the id is the same.
authorise-client-save = Save client
authorise-client-done = As what Sayso is known to { $server } was saved.
authorise-client-wrong = A client's id and secret are one line each, of at most 2048 characters.
connections-title = Connections
connections-explained = Servers that know each person by themselves. Their tools are yours to use once you authorised them.
connections-needed = Needed: its tools are not there until you authorise it.
connections-missing = The tools of { $server } are not there: it needs your authorisation.

# Usage, limits, credits
usage-nav = Usage
usage-title = Usage in { $month }
usage-admin-title = Usage of { $tenant } in { $month }
usage-of-tenant = Usage of { $tenant }
usage-own = You
usage-shared = Everybody in { $tenant }
usage-against-limits = The month against its limits
usage-months-turn = A month begins anew on its first day (UTC).
usage-input-tokens = Input tokens
usage-output-tokens = Output tokens
usage-cached-tokens = Of the input, cached
usage-requests = Requests
usage-credits = Credits
usage-of = { $used } of { $limit }
usage-no-limit = (no limit)
usage-over = Used up
usage-nearly = Nearly used up
usage-month = Month
usage-show = Show
usage-previous = The month before
usage-next = The month after
usage-by-day = By day
usage-by-model = By model
usage-by-person = By person
usage-by-tool = By tool
usage-day = Day
usage-model = Model
usage-person = Person
usage-tool = Tool
usage-runs = Runs
usage-failures = Failed
usage-total = Together
usage-nothing = Nothing was used in this month.
usage-tokens = { $count } tokens
usage-runs-count = { $count ->
    [one] { $count } run
   *[other] { $count } runs
 }
usage-bars-about = { $count ->
    [one] One bar. The table below has the same number.
   *[other] { $count } bars, the longest first. The table below has the same numbers, and those of everything else.
 }
usage-days-about = Input and output tokens over the days of the month, most on { $day }. The table below has the numbers of each day.
usage-person-gone = Deleted person
usage-csv = Download by day, person and model (CSV)
glance-unlimited = { $tokens } tokens in { $requests } requests this month
glance-input-tokens = { $share } % of the workspace's input tokens of this month are used
glance-output-tokens = { $share } % of the workspace's output tokens of this month are used
glance-requests = { $share } % of the workspace's requests of this month are used
glance-credits = { $share } % of the workspace's credits of this month are used
glance-own-input-tokens = { $share } % of your input tokens of this month are used
glance-own-output-tokens = { $share } % of your output tokens of this month are used
glance-own-requests = { $share } % of your requests of this month are used
glance-own-credits = { $share } % of your credits of this month are used
glance-nearly = Nearly used up: { $words }
glance-over = Used up: { $words }. It begins anew on { $day } (UTC).
error-month = Write a month as year and month, such as 2026-01.
credits-statement = Credits added and deducted
credits-why = Why
credits-by = By
credits-by-command = Command line
credits-deducted = Model calls
credits-add = Add credits
credits-explained = They are added to what this month has, and end with it.
credits-amount = How many
credits-note = Why
credits-added = The credits were added.
error-credits-sent = This form was sent already. Load the page anew to add more.
error-credits-amount = Write how many, above 0 and at most { $most }, with at most six digits behind a point.
error-credits-note = Write why, in one line of at most { $limit } characters.
limits-nav = Limits
limits-title = Limits of { $tenant }
limits-tenant = Everybody together
limits-by-operators = Whoever runs this server sets these.
limits-people = People with limits of their own
limits-people-explained = A person's own limits hold beside those of the workspace: whichever is reached first.
limits-people-none = Nobody has any.
limits-change = Change
limits-change-named = Change the limits of { $name }
limits-email = Email of a person
limits-find = Set limits
limits-person = Limits of { $name }
limits-hint = For each month. A field left empty is no limit.
limits-active = The limits hold
limits-inactive = not in force
limits-none = No limit
limits-input-tokens-count = { $count } input tokens
limits-output-tokens-count = { $count } output tokens
limits-requests-count = { $count } requests
limits-credits-count = { $count } credits
error-limit-number = Write a whole number from 0 on, in digits alone, or leave it empty for no limit.
error-limit-credits = Write a number from 0 on with at most six digits behind a point, or leave it empty for no limit.
error-limit-nobody = Nobody in this workspace has that address.
admin-limits-about = What everybody together, and single people, may use in a month.
admin-usage-about = What was used of a month: by day, person, model and tool.

## Records of a tenant
records-nav = Records
records-title = Records of { $tenant }
records-collections = Collections
records-none = There are no records yet. Import a file, or let the assistant add some.
records-documents = { $count ->
    [one] 1 document
   *[other] { $count } documents
}
records-changed = changed
records-all = All collections
records-documents-here = Documents
records-no-more = There are no documents here.
records-first = To the first documents
records-next = Next documents
records-delete = Delete this collection
records-confirm = Type “{ $collection }” to delete it
records-delete-hint = { $count ->
    [one] Its one document goes with it. This cannot be undone.
   *[other] Its { $count } documents go with it. This cannot be undone.
}
records-not-confirmed = That is not the name of this collection. Nothing was deleted.
records-deleted = “{ $collection }” was deleted.
records-import = Import a file
records-collection = Collection
records-collection-hint = A new one, or one that is there: a letter, then letters, digits, _ and -.
records-file = File
records-file-hint = JSON lines (a document on each line) or CSV with a line of headings, up to { $limit }. All of it is checked before any of it goes in.
records-import-button = Import
records-name-wrong = A collection's name is a letter, then at most 63 letters, digits, _ and -.
records-file-missing = Choose one file.
records-file-large = The file is larger than { $limit }. Import it in parts.
records-file-unreadable = The file is no text in UTF-8.
records-file-empty = There are no documents in the file.
records-faulty = { $count ->
    [one] Nothing was imported: 1 line is wrong.
   *[other] Nothing was imported: { $count } lines are wrong. The first are:
}
records-line = Line { $line }
records-importing = Importing into { $collection }
records-progress = { $count } of { $total } documents are in.
records-imported = { $count ->
    [one] 1 document was imported.
   *[other] { $count } documents were imported.
}
records-there = { $count ->
    [one] 1 was there already and stayed as it is.
   *[other] { $count } were there already and stayed as they are.
}
records-stopped = The import ended early.
records-in-so-far = { $count ->
    [0] No document was imported.
    [one] 1 document was imported, and stays.
   *[other] { $count } documents were imported, and stay.
}
records-again = Send the whole file again from here when that is mended; what is in does not go in twice.
records-look = Look at { $collection }
records-differs = On line { $line } is the _id “{ $id }”; a document with this _id and other content is there.
records-too-many-collections = There are { $count } collections, and that is the most.
records-too-many-documents = A collection has at most { $count } documents.
records-too-large = The collection would be larger than this server allows.
records-closing = The server is being restarted.

## Errors
error-title-forbidden = Not allowed
error-title-not-found = Not found
error-title-wrong-host = Wrong address
error-title-refused = That did not work
error-title-fault = Something went wrong
error-request = Request
error-home = To the start page
error-invalid-json = That is not valid JSON.
error-invalid-payload = Something in what was sent is missing or not as it should be.
error-csrf = The page was open for too long. Load it again, then repeat what you did.
error-wrong-host = This server answers at { $address }.
error-invalid-credentials = The email or the password is wrong.
error-unauthorized = Please sign in.
error-forbidden = You may not do this.
error-not-found = There is nothing here, or it is not yours.
error-method-not-allowed = This address does not take that kind of request.
error-not-acceptable = This address answers with application/json, text/event-stream or text/plain.
error-conflict = Something else happened first. Look at how things stand now.
error-payload-too-large = That is too large.
error-rate-limited = Too many requests. Wait a moment, then try again.
error-tenant-inactive = This workspace is switched off. Ask whoever runs it.
error-limit-input-tokens = This month's limit of input tokens has too little left for this. It begins anew on the first of next month (UTC).
error-limit-output-tokens = This month's limit of output tokens has too little left for this. It begins anew on the first of next month (UTC).
error-limit-requests = This month's limit of requests is reached. It begins anew on the first of next month (UTC).
error-insufficient-credits = There are not enough credits left this month. They begin anew on the first of next month (UTC), or when an operator adds some.
error-own-limit-input-tokens = Your own limit of input tokens for this month has too little left for this. It begins anew on the first of next month (UTC).
error-own-limit-output-tokens = Your own limit of output tokens for this month has too little left for this. It begins anew on the first of next month (UTC).
error-own-limit-requests = Your own limit of requests for this month is reached. It begins anew on the first of next month (UTC).
error-own-credits = You do not have enough credits of your own left this month. They begin anew on the first of next month (UTC).
error-provider-unauthorized = The model's provider refused the server's key. Trying again does not help before whoever runs the server has looked at it.
error-provider-balance = The account at the model's provider has no balance left. Trying again does not help before whoever runs the server has added to it.
error-provider-rate-limited = The model's provider takes no more requests for the moment. Wait a little, then try again.
error-provider-unavailable = The model's provider cannot be reached. Try again in a moment; if that does not help, tell whoever runs the server.
error-provider-overloaded = The model's provider is overloaded. Try again in a moment, or choose another model.
error-provider-context-too-long = The conversation is too long for this model. Begin a new conversation, or choose a model that takes in more.
error-provider-invalid-response = The model answered something that cannot be used, or its provider refused the request as invalid. Try again, or choose another model.
error-provider-interrupted = The reply broke off. Try again to have it written anew.
error-too-many-waiting = Too many tools already wait for a decision. Decide on them first.
error-turn-too-long = The assistant took too many steps without coming to an end. Send a message to let it go on.
error-topic-refused = The reply was held back: it is outside the topics that this assistant is for. Ask about something else.
error-invalid-path = That path is not allowed.
error-write-failed = The file could not be written.
error-tool-error = The tool reported an error.
error-tool-not-allowed = This tool is not allowed here.
error-tool-changed = What would be changed is no longer what you saw. Nothing was done.
error-tool-timeout = The tool took too long.
error-outcome-unknown = Nobody knows whether it took effect.
error-denied = It was denied.
error-superseded = A new message took its place.
error-internal = Something went wrong on the server. It has been logged.
error-invalid-field = The field “{ $field }” is missing or not as it should be.
error-choose-tenant = You belong to several workspaces ({ $tenants }). Name one of them as “tenant”.
error-token-name = Write a name of at most { $most } characters in one line.
error-token-no-scope = Choose at least one thing that the token may do.
error-token-tools-and-decide = A program that may ask for tools must not say yes to itself: choose Tools or Decide, not both.
error-token-many = You have { $most } tokens, and more are not kept. Revoke one first.
error-conversation-ended = This conversation was ended. Nothing more can be said in it; what you typed is kept.
error-conversation-busy = Something else is going on in this conversation. Wait for it to end.
error-key-used = This key was used for something else. Nothing was sent; use a new key for each message.
error-decide-first = Say first what becomes of the request whose outcome is unknown.
error-not-to-grant = This cannot be remembered for this request. Approve it without, or choose what its form offers.
error-arguments-refused = These arguments cannot run: { $why }
error-decided-in-person = Another program asks for this through MCP. Only a person who signed in decides on it, not a token.
error-decided-already = This was decided already, or it is not what you saw any more. It now stands as “{ $state }”.
error-question-over = This question does not wait for an answer any more: it was answered, taken back, or took too long. Nothing was sent.
error-remember = What is to be remembered cannot be read: a count of 1 to 50, a time of at most 24 hours, and at most one folder or host.
error-email = This does not look like an email address.
error-files-full = The storage of this workspace is full. Delete conversations with images, or ask whoever runs the server for more.
error-image-large = “{ $name }” is larger than { $limit }. Make it smaller, then attach it again.
error-image-pixels = “{ $name }” has too many pixels. A side has at most { $limit }.
error-image-unreadable = “{ $name }” is no image that can be read. PNG, JPEG, GIF and WebP can be attached.
error-images-many = At most { $limit } images go with one message.
error-images-together = The images are larger than { $limit } together. Send them in several messages.
error-images-unseen = { $model } cannot see images. Choose another model or remove the images.
error-message-empty = Write something first.
error-message-too-long = The message is longer than { $limit } characters. Shorten it.
error-name = Write a name of at most 200 characters.
error-not-shown-here = This request was not shown here, or it has changed since. Look at it, and name the digest that you saw.
error-not-a-chat = In this conversation tools are called directly; nothing is said in it.
error-nothing-to-retry = There is nothing to try again.
error-nothing-to-undo = There is nothing to put back: the call changed nothing, or what was there before is not kept any more.
error-undone-already = This was undone already.
error-undo-changed = The file is no longer as the tool wrote it. Nothing was changed.
error-others-wait = Other requests wait for you than those your page showed. Look at them, then send again.
error-setup-link = This link is not good any more. The server prints a new one when it starts, as long as no account exists.
error-title = A title has 1 to 200 characters.
error-request-running = A request with this id is running on this socket. Wait for its end, or give this one another id.
error-too-many-streams = You have too many streams and sockets open. Close some, and try again.
error-too-many-turns = Too many replies are being written at once. Wait until one of them ends.
error-turn-running = The assistant is still at work. Wait for it or stop it, then send again; your text is kept.
error-model-not-allowed = “{ $model }” is no model that may be used in this workspace. Choose one of these: { $known }{ $more ->
    [0] {"."}
   *[other] {" "}and { $more } more.
}
error-no-model-allowed = None of the models that may be used in this workspace is there. Its owners and admins can change that in the Administration.
error-models-none = Tick at least one model, or allow all.
error-models-many = At most { $limit } models can be ticked. Tick fewer, or allow all.
error-model-name = One of these is no model of this server. Nothing was saved.
error-unknown-provider = There is no provider “{ $provider }” here. There are: { $known }{ $more ->
    [0] {"."}
   *[other] {" "}and { $more } more.
}
error-unknown-model = { $provider } has no model “{ $model }”. There are: { $known }{ $more ->
    [0] {"."}
   *[other] {" "}and { $more } more.
}
login-choose-tenant = You belong to several workspaces. Choose one and enter your password again.
password-too-long = A password has at most { $maximum } bytes.
password-too-short = A password has at least { $minimum } characters.
conversations-earlier = Earlier conversations
error-typed = What you typed, so that you can copy it

# Forms that are made from a schema
field-needed = needed
field-nothing = nothing
field-yes = yes
field-no = no
field-as-json = As JSON.
field-as-date-time = Such as 2026-01-31T12:00:00Z.
field-missing = This is needed.
field-no-number = This is no number. Write it with a point, without blanks.
field-not-whole = This must be a whole number.
field-no-json = This is no JSON, or not one of the choices.
field-misfit = This does not fit what the server asks for: { $bound }
field-uncheckable = What the server asks for cannot be checked, so nothing was sent. Decline it, and tell who runs the server.
field-too-short = This must have at least { $bound } characters.
field-too-long = This may have at most { $bound } characters.
field-too-small = This must be at least { $bound }.
field-too-large = This may be at most { $bound }.
field-too-few = Choose at least { $bound }.
field-too-many = Choose at most { $bound }.
field-no-email = This is no email address.
field-no-uri = This is no web address. Write it whole, such as https://example.org/.
field-no-date = This is no date. Write it as 2026-01-31.
field-no-date-time = This is no date with time. Write it as 2026-01-31T12:00:00Z.

# What a server asks while a call runs
question-group = { $server } asks you something
question-asks = The server “{ $server }” asks you while its tool runs. What you answer goes to that server, not to the assistant.
question-warning = Never enter a password, a key or a card number here. The server “{ $server }” is given what you type; Sayso does not keep it.
question-address-warning = Look at the address before you open it. What you enter at { $host } goes to { $host }.
question-open = Open { $host } in a new tab
question-as-json = Your answer, as JSON
question-until = You can answer until { $time }. After that it counts as cancelled.
question-send = Send to { $server }
question-done = I have done it
question-decline = Decline
question-cancel = Cancel
question-over = This question is over. Nothing that stands here was sent.
question-look-again = { $count ->
    [one] One field needs another look. Nothing was sent.
   *[other] { $count } fields need another look. Nothing was sent.
 }
question-accepted = You answered { $server }:
question-declined = You declined to answer { $server }:
question-cancelled = { $server } got no answer:
announce-asked = { $server } asks you something. Press F8.

# Workspaces, for those who run the server
tenants-title = Workspaces
tenants-list = All workspaces
tenant-open = Open
tenant-suspended = Suspended
tenant-here = You are in it
tenant-rename-named = Rename { $tenant }
tenant-new = New workspace
tenant-create = Create workspace
tenant-done-created = The workspace was created.
tenant-done-renamed = The workspace was renamed.
tenant-done-suspended = The workspace is suspended. All that was open in it is closed.
tenant-done-resumed = The workspace is open again.
field-slug = Slug
slug-hint = For addresses and folders; it stays for ever. Small letters, digits and hyphens between them, at most 40.
error-slug = This cannot be a slug: small letters, digits and hyphens between them, at most 40.
error-slug-taken = There is a workspace with this slug already.
error-tenant-here = You are in this workspace. Switch to another one before you suspend it.
suspend = Suspend
suspend-named = Suspend { $name }
resume = Readmit
resume-named = Readmit { $name }

# The people of a workspace
members-nav = People
members-title = People of { $tenant }
members-about = Who is in it and as what: invite, change roles, suspend, sign out.
members-list = Who is here
members-more = More people
field-role = Role
member-you = you
member-suspended = suspended
member-shut-out = shut out of this server
member-never-used = Never here yet
member-change-named = Change { $name }
member-set-role = Set role
member-set-role-named = Set role: { $name }
member-sign-out = Sign out everywhere
member-sign-out-named = Sign out everywhere: { $name }
member-remove = Remove
member-remove-named = Remove { $name }
member-password = Link for a new password
member-password-named = Link for a new password of { $name }
member-done-role = The role was set.
member-done-signed-out = All sessions, programs and tokens in this workspace have ended.
member-done-suspended = Suspended. All that was open is closed.
member-done-resumed = Readmitted.
member-done-removed = Removed from this workspace.
error-above-you = Nobody can give more than they have, or change who has more.
error-last-owner = A workspace needs an owner. Make somebody else one first.
error-guest-role = A guest has no account that could hold another role. Invite them instead.
error-member-already = This person is in the workspace already.

# Invitations
invite = Invite
invite-title = Invite somebody
invite-explained = You get a link to pass on. It works once, within 7 days, for this address only.
invitations-title = Open invitations
invitation-ends = Until
invitation-over = Expired
invitation-renew = New link
invitation-renew-named = New link for { $email }
invitation-revoke-named = Revoke the invitation of { $email }
invitation-done-revoked = The invitation was revoked.
invitation-made-title = The invitation is ready
invitation-made-about = Copy the link and send it to { $email }. It is shown this once.
link-itself = Link
link-back = Back to the people
error-invited-already = This address is invited already. Make a new link for it below.
error-too-many-invitations = There are too many open invitations. Revoke some first.
error-guest-invited = Guests come in by themselves. Choose another role.
error-email-taken = This address has an account already.
invitation-title = Join { $tenant }
invitation-from = { $name } invites you.
invitation-for = The invitation is for { $email }, as { $role }.
invitation-as-you = You are signed in with that account.
invitation-has-account = That address has an account. Enter its password to join.
invitation-accept = Join
invitation-unknown = There is no such invitation. Check that the link is whole.
invitation-used = This invitation was used already. If that was you, sign in; else ask whoever invited you.
invitation-expired = This invitation has expired. Ask whoever invited you for a new link.
invitation-void = This invitation does not hold any more. Ask whoever invited you.
invitation-for-another = This invitation is for another account. Sign out and follow the link again.
invitation-already-in = You are in this workspace already.
error-password-wrong = This is not the password of that account.

# A forgotten password
password-link-title = A link for a new password
password-link-about = Copy the link and give it to { $email }. It works once, within a day, and is shown this once.
password-title = Choose a new password
password-for = For { $email }. It ends all that is open with the old one.
field-new-password = New password
password-save = Set password
error-password-link = This link does not work any more. Ask whoever runs the server for a new one.

# Switching, and coming in without an account
switch = Switch
switch-to = Switch to another workspace
guest-continue = Continue as guest
guest-hint = Without an account: what you write is kept for this browser only.

# The audit log
audit-nav = Audit log
audit-title = Audit log of { $tenant }
audit-system = Audit log of the system
audit-holds = { $count ->
    [one] The log has one row. Its head and the rows shown here hold.
   *[other] The log has { $count } rows. Its head and the rows shown here hold.
 }
audit-broken = The log was changed:
audit-command = The whole log is proved on the command line:
audit-filter = Find
audit-person = Person (email)
audit-tool = Tool
audit-target = Path or host
audit-action = Action
audit-object = Object
audit-from = From (UTC)
audit-to = Until (UTC)
audit-decision = Decision
audit-any = Any
audit-approved = Approved
audit-by-person = Approved by the person
audit-by-grant = Approved by what they remembered
audit-by-rule = Approved by an admin’s rule
audit-denied = Denied
audit-search = Find
audit-all = Show everything
audit-rows = Rows
audit-row = row { $number }
audit-none = No row fits.
audit-newest = Newest rows
audit-older = Older rows
audit-export = Download
audit-export-hint = What is found, as a file. That it was downloaded is written into the log.
audit-of-call = In the audit log
audit-history = Who had it written
audit-command-line = Command line
audit-server = Sayso itself
audit-unknown = Somebody not signed in
audit-error-text = No row has such a text.
audit-error-person = Nobody here has this address.
audit-error-decision = Choose one of the decisions.
audit-error-time = This is no time. Write it as 2026-01-31T12:00, or a day as 2026-01-31.
audit-error-order = This must be later than the beginning.

# One's own account
settings-back = Back to the settings
password-change-title = Change your password
password-change-about = Other browsers and programs that are signed in with the old password are signed out. API tokens go on.
field-old-password = Current password
password-change = Change password
password-changed = Your password was changed. Everything else that was signed in has ended.
error-password-not-yours = This is not your password.
data-title = Download your data
data-about = One file with your account, your places in workspaces, where you are signed in, and your conversations in all of your workspaces: messages, tool calls and attachments. It is JSON Lines: one object a line, the last of which is of the type “end”; a file without it was cut.
data-without = Not in it: the rows about you in the audit logs, and the files that tools wrote. They belong to the workspaces. That you download your data is written down.
data-download = Download my data
account-delete-title = Delete your account
account-goes-title = What is deleted
account-goes-access = You are signed out everywhere at once, and so are your programs; API tokens, remembered approvals and authorisations at servers of tools end. What is running for you stops, what waits for your decision never runs.
account-goes-written = All your conversations in every workspace, with messages, tool calls and attachments.
account-goes-places = Your name, your address, your password and your places in workspaces. Invitations that you sent are void.
account-stays-title = What stays
account-stays-files = Files and records that tools wrote for you stay in their workspace.
account-stays-numbers = What you used stays in the usage of the workspace, and what you did in the audit log, under an id without a name.
account-stays-backups = Backups of the server keep what they have until whoever runs it deletes them.
account-first = Nothing of it can be brought back. You may want this first:
account-alone = You are the only owner of these workspaces. Make somebody else an owner of each first:
account-confirm = To confirm, write who you are
account-confirm-hint = Exactly this:
account-delete = Delete my account
account-deleted-title = Your account is deleted
account-deleted-about = You are signed out everywhere. The last of what you wrote is being deleted now.
account-deleted-on = To the sign-in page
error-confirmation = Write it as it stands above.
error-account-last-owner = You are the only owner of: { $tenants }. Make somebody else an owner first.
person-left = somebody who left
