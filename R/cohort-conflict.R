stop_cohort <- function(spec, plan, made, seed, time_limit, call) {
  bad <- c(unlist(plan$count_rows[made$broken_counts + 1L]), plan$figure_rows[made$broken_figures[made$broken_figures < length(plan$figure_rows)] + 1L])
  stop_input("not_found", c("No cohort was found in the time given.", i = paste0("Open: ", quoted(spec$figures$name[bad], 12), ".")), "spec", call)
}
