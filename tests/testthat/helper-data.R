# Twelve patients at three visits, one of them missing the last visit, a text arm and ids that mean nothing by their order.
thal_like <- function() {
  data.frame(
    id = rep(c(7, 3, 11, 2, 9, 1), each = 3),
    month = rep(c(0, 3, 12), 6),
    arm = rep(c("a", "b"), each = 9),
    hb = c(7.1, 9.2, 9.0, 8.0, 8.9, 9.4, 6.9, 7.8, 8.8, 7.4, 9.6, 9.9, 8.2, 9.9, NA, 7.7, 7.6, 8.5),
    hbf = c(40, 62, 60, 35, 41, 52, 20, 31, 33, 44, 70, 71, 50, 66, 64, 12, 13, 15)
  )
}
