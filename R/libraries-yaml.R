# Calls of the package yaml.

# YAML with every scalar as the text that stands there: yes, no, on, off, y, n, ~ and numbers are text, and nothing is
# evaluated.
lib_yaml <- function(text, call) {
  if (!requireNamespace("yaml", quietly = TRUE)) {
    stop_input("package", c("Reading YAML needs the package yaml.", i = "Install it by install.packages(\"yaml\")."),
      "file",
      call)
  }
  as_typed <- function(x) x
  kinds <- c("bool", "bool#yes", "bool#no", "bool#na", "int", "int#hex", "int#oct", "int#base60", "int#na", "float",
    "float#fix",
    "float#exp", "float#base60", "float#inf", "float#neginf", "float#nan", "float#na", "str#na", "null", "timestamp",
    "timestamp#iso8601", "timestamp#spaced", "timestamp#ymd", "expr")
  handlers <- stats::setNames(rep(list(as_typed), length(kinds)), kinds)
  tryCatch(yaml::yaml.load(paste(enc2utf8(text), collapse = "\n"), handlers = handlers, eval.expr = FALSE),
    error = function(cnd) {
      stop_input("file", c(paste0("This is no YAML: ", conditionMessage(cnd)),
        i = "Text with a colon, a quote or a leading sign stands in double quotes."), "file", call)
    })
}
