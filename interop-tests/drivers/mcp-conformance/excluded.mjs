/** Scenarios that are not run: they need a feature or a test tool that a directory of users does not have. */
const testTool = 'It calls a test tool of the suite, such as test_simple_text, which a server must offer for it.'
const prompts = 'There are no prompts.'
const resources = 'It reads a test resource of the suite, such as test://static-text.'
const noStreams = 'There are no streams and no sessions: each request has one answer.'
const tasks = 'Tasks are an extension, which is not offered: each call ends in its answer.'
const skills = 'Skills are an extension, which is not offered.'

export const excluded = {
  'logging-set-level': 'There are no log messages for clients.',
  'completion-complete': 'There is no completion.',
  ...named(testTool, [
    'tools-call-simple-text',
    'tools-call-image',
    'tools-call-audio',
    'tools-call-embedded-resource',
    'tools-call-mixed-content',
    'tools-call-with-logging',
    'tools-call-error',
    'tools-call-with-progress',
    'tools-call-sampling',
    'tools-call-elicitation',
    'json-schema-2020-12',
    'elicitation-sep1034-defaults',
    'elicitation-sep1330-enums',
    'http-custom-header-server-validation',
    'input-required-result-basic-elicitation',
    'input-required-result-basic-sampling',
    'input-required-result-basic-list-roots',
    'input-required-result-request-state',
    'input-required-result-multiple-input-requests',
    'input-required-result-multi-round',
    'input-required-result-non-tool-request',
    'input-required-result-result-type',
    'input-required-result-missing-input-response',
    'input-required-result-ignore-extra-params',
    'input-required-result-tampered-state',
    'input-required-result-capability-check',
  ]),
  ...named(resources, ['resources-read-text', 'resources-read-binary', 'resources-templates-read']),
  ...named(noStreams, [
    'server-sse-polling',
    'server-session-lifecycle',
    'resources-subscribe',
    'resources-unsubscribe',
  ]),
  ...named(prompts, [
    'prompts-list',
    'prompts-get-simple',
    'prompts-get-with-args',
    'prompts-get-embedded-resource',
    'prompts-get-with-image',
  ]),
  ...named(tasks, [
    'tasks-lifecycle',
    'tasks-capability-negotiation',
    'tasks-wire-fields',
    'tasks-request-state-removal',
    'tasks-mrtr-input',
    'tasks-request-headers',
    'tasks-dispatch-and-envelope',
    'tasks-status-notifications',
    'tasks-required-task-error',
    'tasks-mrtr-composition',
  ]),
  ...named(skills, ['sep-2640-skills-directory', 'sep-2640-skills-enumeration', 'sep-2640-skills-manifest']),
}

function named(reason, scenarios) {
  return Object.fromEntries(scenarios.map((scenario) => [scenario, reason]))
}
