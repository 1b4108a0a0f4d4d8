# The one way back from C++: an error of the core becomes a classed condition with the user's call and argument.
ask_core <- function(value, call) {
  if (!inherits(value, "respondr_core_error")) {
    return(value)
  }
  if (value$kind == "interrupt") {
    rlang::interrupt()
  }
  abort(value$message,
    class = c(paste0("respondr_error_", value$kind), "respondr_error"),
    argument = if (nzchar(value$argument)) value$argument, call = call
  )
}
