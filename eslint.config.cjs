/** Rules for the addons' JavaScript: mistakes, limits, and Odoo's own conventions. */

const globals = require("globals");

const odooConventions = [
    "error",
    "PrivateIdentifier",
    {
        selector:
            "ClassDeclaration[superClass.name='Component']:not(:has(ClassBody.body > PropertyDefinition[key.name='props'][static='true']))",
        message: "A component declares static props.",
    },
    {
        selector:
            "ClassDeclaration[superClass.name='Component']:not(:has(ClassBody.body > PropertyDefinition[key.name='template'][static='true']))",
        message: "A component declares a static template.",
    },
    {
        selector: "CallExpression[callee.name='_t'] > TemplateLiteral:first-child",
        message: "A template literal cannot be translated: use named placeholders.",
    },
    {
        selector:
            "CallExpression[callee.name='_t'] > Literal:first-child[value=/(.*%s){2,}/]",
        message: "Several placeholders need names.",
    },
    {
        selector:
            "CallExpression[callee.property.name='add'][callee.object.property.name='notification'] > Literal:first-child",
        message: "A notification's text is translated.",
    },
];

const mistakes = [
    "array-callback-return",
    "constructor-super",
    "for-direction",
    "getter-return",
    "no-async-promise-executor",
    "no-case-declarations",
    "no-class-assign",
    "no-compare-neg-zero",
    "no-cond-assign",
    "no-const-assign",
    "no-constant-binary-expression",
    "no-constant-condition",
    "no-constructor-return",
    "no-control-regex",
    "no-debugger",
    "no-dupe-args",
    "no-dupe-class-members",
    "no-dupe-else-if",
    "no-dupe-keys",
    "no-duplicate-case",
    "no-duplicate-imports",
    "no-empty",
    "no-empty-pattern",
    "no-ex-assign",
    "no-fallthrough",
    "no-func-assign",
    "no-global-assign",
    "no-import-assign",
    "no-inner-declarations",
    "no-invalid-regexp",
    "no-irregular-whitespace",
    "no-loss-of-precision",
    "no-misleading-character-class",
    "no-new-native-nonconstructor",
    "no-obj-calls",
    "no-promise-executor-return",
    "no-prototype-builtins",
    "no-redeclare",
    "no-regex-spaces",
    "no-self-assign",
    "no-self-compare",
    "no-setter-return",
    "no-shadow-restricted-names",
    "no-sparse-arrays",
    "no-template-curly-in-string",
    "no-this-before-super",
    "no-undef",
    "no-unexpected-multiline",
    "no-unmodified-loop-condition",
    "no-unreachable",
    "no-unreachable-loop",
    "no-unsafe-finally",
    "no-unsafe-negation",
    "no-unsafe-optional-chaining",
    "no-unused-labels",
    "no-unused-private-class-members",
    "no-useless-catch",
    "no-useless-escape",
    "no-useless-return",
    "no-var",
    "no-with",
    "prefer-const",
    "require-yield",
    "use-isnan",
    "valid-typeof",
];

module.exports = [
    {
        files: ["**/*.js"],
        languageOptions: {
            ecmaVersion: 2022,
            sourceType: "module",
            globals: {...globals.browser, luxon: "readonly", odoo: "readonly"},
        },
        linterOptions: {reportUnusedDisableDirectives: "error"},
        rules: {
            ...Object.fromEntries(mistakes.map((rule) => [rule, "error"])),
            complexity: ["error", 10],
            curly: "error",
            eqeqeq: "error",
            "max-lines": ["error", 400],
            "max-lines-per-function": ["error", {max: 60, skipComments: true}],
            "max-params": ["error", 4],
            "no-console": "error",
            "no-restricted-globals": ["error", "event", "self"],
            "no-restricted-syntax": odooConventions,
            "no-unused-vars": ["error", {args: "none", caughtErrors: "all"}],
        },
    },
    {
        // A test file's outer function holds many small tests; a tour is one list.
        files: ["**/static/tests/**/*.js"],
        rules: {"max-lines-per-function": "off"},
    },
];
